/** What a foot check makes: its record, its blocks, their end, and what is asked about a day later. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { areasToSkip, stillBlocks } from '../care/blocks';
import type { Records } from '../store/records';
import { deleteStore, Store } from '../store/store';
import { occurrence } from '../testing/records';
import { conclude, type FootCheck, type Told } from './check';
import { draftOf, newDraft, toldIn, usualUnit } from './draft';
import { concludedAt, keepCheck } from './keep';

type Block = Records['block'];

const TODAY = '2026-11-22';
const AT = new Date('2026-11-22T18:00:00.000Z');
const CLEAR: Told = { result: 'all_clear', findings: [], replies: {}, unit: 'C', readings: [], note: '' };
let made = 0;
const newId = () => {
  made += 1;
  return `n${made}`;
};

const seen = (area: string, sign: string, replies: Told['replies'] = {}): Told => ({
  ...CLEAR,
  result: 'seen',
  findings: [{ area, sign }],
  replies,
});
const warm = (left: number, right: number, unit: 'C' | 'F' = 'C'): Told => ({
  ...CLEAR,
  unit,
  readings: [{ spot: 'heel', left, right }],
});

function check(told: Told, facts: Partial<Parameters<typeof conclude>[0]> = {}) {
  const rest = { id: 'c1', on: TODAY, at: AT, today: TODAY, others: [], before: null, blocks: [], event: null, newId };
  return conclude({ ...rest, told, ...facts });
}

const rash = (changes: Partial<Block> = {}): Block => ({
  id: 'rash',
  on: '2026-11-20',
  started_at: '2026-11-20T08:00:00Z',
  warning: 'skin_problem',
  level: 'within_days',
  areas: ['left.between_toes'],
  decision: null,
  ended_at: null,
  end_reason: null,
  clinician_name: null,
  clinician_on: null,
  ...changes,
});

describe('a clear check', () => {
  it('makes a record, no block, and nothing to ask about', () => {
    const { check: record, blocks, event } = check(CLEAR);
    expect(record).toMatchObject({ result: 'all_clear', findings: [], level: null, temperature_unit: null });
    expect([blocks, event]).toEqual([[], null]);
  });

  it('ends what waits for a clear check, and nothing that waits for the clinic', () => {
    const sore = rash({ id: 'sore', warning: 'open_sore', level: 'same_day', areas: [] });
    const dark = rash({ id: 'dark', level: 'same_day' });
    const { blocks } = check(CLEAR, { blocks: [rash(), sore, dark] });
    expect(blocks.map(({ id, end_reason }) => [id, end_reason])).toEqual([['rash', 'check_clear']]);
    expect(stillBlocks(sore, AT) && stillBlocks(dark, AT)).toBe(true);
  });

  it('of an earlier day ends nothing today', () => {
    expect(check(CLEAR, { on: '2026-11-21', blocks: [rash()] }).blocks).toEqual([]);
  });

  it('is not clear when the feet could not be seen well', () => {
    const { decision, check: record, blocks } = check({ ...CLEAR, result: 'not_seen_well' }, { blocks: [rash()] });
    expect([decision.outcome.clear, record.result, blocks]).toEqual([false, 'not_seen_well', []]);
  });
});

describe('what was seen', () => {
  it('puts up the block of the check before a massage, and is asked about the day after', () => {
    const { check: record, blocks, event } = check(seen('left.heel', 'open_sore', { confused_with_sore: 'no' }));
    expect(blocks).toHaveLength(1);
    expect(blocks[0]).toMatchObject({ warning: 'open_sore', level: 'same_day', on: TODAY });
    expect(event).toMatchObject({ id: record.id, level: 'same_day', signs: ['open_sore'], action: null });
  });

  it('is the strictest while the one more question is open', () => {
    expect(check(seen('left.heel', 'open_sore')).decision.outcome.level).toBe('emergency');
  });

  it('a rash in a known place leaves that place out; on the whole foot it stops massage', () => {
    const { blocks } = check(seen('left.between_toes', 'skin_problem', { dark_spot: 'no' }));
    expect(areasToSkip(blocks, AT)).toEqual(['left.between_toes']);
    expect(blocks.some((block) => stillBlocks(block, AT))).toBe(false);
    const whole = check(seen('left.whole', 'skin_problem', { dark_spot: 'no' })).blocks;
    expect(whole.some((block) => stillBlocks(block, AT))).toBe(true);
  });

  it('a rash that is known already gets the places of today', () => {
    const told = seen('right.heel', 'skin_problem', { dark_spot: 'no' });
    const { blocks } = check(told, { blocks: [rash()] });
    expect(blocks.map(({ id, areas }) => [id, areas])).toEqual([['rash', ['right.heel']]]);
  });

  it('a block that stands is not put up twice', () => {
    const told = seen('left.heel', 'open_sore', { confused_with_sore: 'no' });
    expect(check(told, { blocks: check(told).blocks }).blocks).toEqual([]);
  });

  it('a changed note puts up no block that the clinic has ended, a new finding does', () => {
    const told = seen('left.heel', 'open_sore', { confused_with_sore: 'no' });
    const first = check(told);
    const again = { before: first.check, event: first.event };
    expect(check({ ...told, note: 'It hurts.' }, again).blocks).toEqual([]);
    const more = { ...told, findings: [...told.findings, { area: 'left.whole', sign: 'injury_or_new_shape' }] };
    expect(check(more, again).blocks.map(({ warning }) => warning)).toEqual(['injury_or_new_shape']);
  });

  it('a check that is put right to clear takes back the question, not the block', () => {
    const first = check(seen('left.heel', 'open_sore', { confused_with_sore: 'no' }));
    const right = check(CLEAR, { before: first.check, event: first.event, blocks: first.blocks });
    expect(right.event).toMatchObject({ level: null, signs: [] });
    expect(right.blocks).toEqual([]);
  });

  it('dry skin is written down, with advice and without a call', () => {
    const { decision, event, blocks } = check(seen('left.heel', 'dry_skin'));
    expect(decision.outcome).toMatchObject({ clear: false, level: null, advice: ['dry_skin'] });
    expect([event, blocks]).toEqual([null, []]);
  });
});

describe('skin temperature', () => {
  const calm = { spreading_and_ill: 'no' } as const;
  const yesterday = (told: Told) => ({ ...check(told).check, id: 'y', on: '2026-11-21' });

  it('warmer on one day is not clear, and is measured again', () => {
    const { check: record, decision } = check(warm(34.2, 31.9));
    expect(record).toMatchObject({ result: 'seen', level: null, temperature_unit: 'C' });
    expect(decision.outcome.advice).toEqual(['warm_today']);
  });

  it('warmer on two days running rests the foot, in any unit', () => {
    const others = [yesterday(warm(90.1, 86, 'F'))];
    const { decision, blocks } = check({ ...warm(34.2, 31.9), replies: calm }, { others });
    expect(decision.outcome.level).toBe('same_day');
    expect(blocks.map(({ warning }) => warning)).toEqual(['red_hot_swollen']);
  });

  it('a day without a measurement breaks it', () => {
    const others = [{ ...yesterday(warm(34.2, 31.9)), on: '2026-11-20' }, yesterday(CLEAR)];
    expect(check({ ...warm(34.2, 31.9), replies: calm }, { others }).decision.outcome.level).toBeNull();
  });

  it('starts in the unit of the last thermometer, else in that of the region', () => {
    expect(usualUnit([yesterday(warm(90.1, 86, 'F'))], 'EU')).toBe('F');
    expect([usualUnit([], 'US'), usualUnit([], 'GB'), usualUnit([], undefined)]).toEqual(['F', 'C', 'C']);
  });
});

it('a kept check opens again with all that was told', () => {
  const told = { ...seen('left.heel', 'open_sore', { confused_with_sore: 'no' }), note: 'New.' };
  const again = toldIn(draftOf(check(told).check, 'C'));
  expect(again).toMatchObject({ result: 'seen', findings: told.findings, note: 'New.' });
  expect(again.replies.confused_with_sore).toBe('no');
  expect(toldIn(newDraft('c1', TODAY, 'F'))).toEqual({ ...CLEAR, unit: 'F' });
});

describe('keeping a check', () => {
  let store: Store;
  const moment = (id: string, changes: Partial<Records['occurrence']>) =>
    store.keep('occurrence', id, occurrence(id, { kind: 'foot_check', on: TODAY, ...changes }));
  const states = async () =>
    Object.fromEntries((await store.list('occurrence')).map(({ id, record }) => [id, record.state]));

  beforeEach(async () => {
    store = new Store('p1');
    await moment('due', {});
    await moment('later', { state: 'snoozed', local_time: '20:00' });
    await moment('tomorrow', { on: '2026-11-23' });
    await moment('massage', { kind: 'massage' });
  });

  afterEach(async () => {
    await store.close();
    await deleteStore('p1');
  });

  it("answers that day's reminders and keeps blocks and question", async () => {
    const told = seen('left.heel', 'open_sore', { confused_with_sore: 'no' });
    await keepCheck(store, check(told), AT);
    expect(await states()).toEqual({ due: 'done', later: 'done', tomorrow: 'open', massage: 'open' });
    expect((await store.get('foot_check', 'c1'))?.record.level).toBe('same_day');
    expect((await store.get('triage_event', 'c1'))?.record.signs).toEqual(['open_sore']);
    expect(await store.list('block')).toHaveLength(1);
  });

  it('of feet that could not be seen leaves the reminders open', async () => {
    await keepCheck(store, check({ ...CLEAR, result: 'not_seen_well' }), AT);
    expect(await states()).toMatchObject({ due: 'open', later: 'snoozed' });
    expect((await store.get('foot_check', 'c1'))?.record satisfies FootCheck | undefined).toBeDefined();
  });

  it('can be read again as what it concluded', async () => {
    await store.save('block', 'rash', rash());
    const read = async (concluded: ReturnType<typeof check>, at: string) => {
      await keepCheck(store, concluded, AT);
      return concludedAt(store, concluded.check, at, []);
    };
    const sore = check(seen('left.heel', 'open_sore', { confused_with_sore: 'no' }));
    expect(await read(sore, AT.toISOString())).toMatchObject({
      decision: sore.decision,
      warm: sore.warm,
      event: sore.event,
      blocks: expect.arrayContaining(sore.blocks),
    });
    const clear = check(CLEAR, { id: 'c2' });
    expect((await read(clear, '2026-11-22T19:00:00.000Z'))?.blocks).toEqual([]);
    expect(await concludedAt(store, { ...clear.check, decision: null }, AT.toISOString(), [])).toBeNull();
  });
});
