/** When the skin is asked about, and what an answer puts up or ends. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stillBlocks } from '../care/blocks';
import type { Records } from '../store/records';
import { deleteStore, Store } from '../store/store';
import { ended } from './blocks';
import { type Asked, askNow, keepAnswer, verdictOn } from './redness';

type Log = Records['session_log'];
type Block = Records['block'];

const TODAY = '2026-11-22';
const ENDED = '2026-11-22T18:10:00.000Z';
const later = (minutes: number) => new Date(Date.parse(ENDED) + minutes * 60_000);

const log = (changes: Partial<Log> = {}) =>
  ({ id: 'l1', on: TODAY, ended_at: ENDED, redness: null, ...changes }) as Log;
const block = (changes: Partial<Block> = {}): Block => ({
  id: 'b1',
  on: TODAY,
  started_at: later(15).toISOString(),
  warning: 'redness',
  level: null,
  areas: [],
  decision: null,
  ended_at: null,
  end_reason: null,
  clinician_name: null,
  clinician_on: null,
  ...changes,
});

describe('after a massage', () => {
  it('the skin is asked about from 15 minutes after its end until it is answered', () => {
    expect(askNow([log()], [], later(14.9), TODAY)).toBeNull();
    expect(askNow([log()], [], later(15), TODAY)).toEqual({ about: 'log', log: log() });
    expect(askNow([log()], [], later(60 * 24 * 3), '2026-11-25')?.about).toBe('log');
    expect(askNow([log({ redness: 'gone' })], [], later(20), TODAY)).toBeNull();
  });

  it('a week later nobody is asked any more, and of several only the last', () => {
    expect(askNow([log()], [], later(60 * 24 * 8), '2026-11-30')).toBeNull();
    const second = log({ id: 'l2', ended_at: later(60).toISOString(), redness: 'gone' });
    expect(askNow([log(), second], [], later(120), TODAY)).toBeNull();
  });

  it('a massage that ended a moment ago hides none before it', () => {
    const fresh = log({ id: 'l2', ended_at: later(60).toISOString() });
    expect(askNow([log(), fresh], [], later(61), TODAY)).toEqual({ about: 'log', log: log() });
  });

  it('an answer that an older app could not give is not asked for', () => {
    const { redness: _, ...old } = log();
    expect(askNow([old as Log], [], later(20), TODAY)).toBeNull();
  });
});

describe('skin that was red', () => {
  it('is asked about again on the next day, not before', () => {
    expect(askNow([log({ redness: 'still_red' })], [block()], later(30), TODAY)).toBeNull();
    expect(askNow([], [block()], later(60 * 15), '2026-11-23')).toEqual({ about: 'block', block: block() });
  });

  it('is the clinic’s matter once the clinic is called', () => {
    const called = block({ id: 'b2', on: '2026-11-23', level: 'same_day' });
    expect(askNow([log()], [block(), called], later(60 * 24 * 2), '2026-11-24')).toBeNull();
  });

  it('that looks normal again is not asked about', () => {
    const normal = ended(block(), 'looks_normal', later(60).toISOString());
    expect(askNow([], [normal], later(60 * 24), '2026-11-23')).toBeNull();
  });
});

describe('an answer', () => {
  const about: Asked[] = [
    { about: 'log', log: log() },
    { about: 'block', block: block() },
  ];

  it('red on the same day waits, red on a later day calls', () => {
    expect(about.map((asked) => verdictOn(asked, 'gone', '2026-11-23'))).toEqual(['fine', 'fine']);
    expect(about.map((asked) => verdictOn(asked, 'still_red', TODAY))).toEqual(['wait', 'call']);
    expect(about.map((asked) => verdictOn(asked, 'still_red', '2026-11-23'))).toEqual(['call', 'call']);
  });
});

describe('keeping it', () => {
  let store: Store;
  let patients = 0;
  const given = { at: later(16).toISOString(), today: TODAY, newId: () => 'new' };

  beforeEach(() => {
    patients += 1;
    store = new Store(`redness-${patients}`);
  });

  afterEach(async () => {
    await store.close();
    await deleteStore(store.patientId);
  });

  const kept = async () => (await store.list('block')).map(({ record }) => record);
  const outbox = async () => (await (await store.read()).getAllFromIndex('outbox', 'by_order')).map(({ path }) => path);

  it('gone is written to the log, and that is all', async () => {
    expect(await keepAnswer(store, { about: 'log', log: log() }, 'gone', given)).toBe('fine');
    expect((await store.get('session_log', 'l1'))?.record).toMatchObject({ redness: 'gone', redness_at: given.at });
    expect(await kept()).toEqual([]);
  });

  it('still red puts up a block that only normal skin ends', async () => {
    expect(await keepAnswer(store, { about: 'log', log: log() }, 'still_red', given)).toBe('wait');
    const [made] = await kept();
    expect(made).toMatchObject({ warning: 'redness', level: null, on: TODAY });
    expect(made && stillBlocks(made, later(60 * 24 * 30))).toBe(true);
    expect(made && stillBlocks(ended(made, 'looks_normal', later(20).toISOString()), later(30))).toBe(false);
    expect(made && stillBlocks(ended(made, 'check_clear', later(20).toISOString()), later(30))).toBe(true);
    expect(await outbox()).toEqual(['/blocks/new', '/session-logs/l1']);
  });

  it('red the next day puts up one that needs the clinic', async () => {
    await store.save('block', 'b1', block());
    const next = { ...given, at: later(60 * 15).toISOString(), today: '2026-11-23' };
    expect(await keepAnswer(store, { about: 'block', block: block() }, 'still_red', next)).toBe('call');
    const made = (await kept()).find(({ id }) => id === 'new');
    expect(made).toMatchObject({ level: 'same_day', on: '2026-11-23' });
    expect(made && stillBlocks(ended(made, 'looks_normal', next.at), later(60 * 48))).toBe(true);
  });

  it('normal the next day ends the block', async () => {
    await store.save('block', 'b1', block());
    const at = later(60 * 15).toISOString();
    await keepAnswer(store, { about: 'block', block: block() }, 'gone', { ...given, at, today: '2026-11-23' });
    expect(await kept()).toMatchObject([{ id: 'b1', ended_at: at, end_reason: 'looks_normal' }]);
  });
});
