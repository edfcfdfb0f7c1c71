/** Which moments are done by what is on the phone, and how many are open. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { footCheck, glucoseReading, occurrence, symptomEntry } from '../testing/records';
import { countOpen, isDone } from './moments';
import { deleteStore, type Records, type SavedKind, Store } from './store';

const DAY = '2026-11-23';
const NOW = Date.parse(`${DAY}T18:10:00Z`);
const NOTHING_LEFT = {
  inputs: {},
  outcome: { recheck: null },
  rules_version: '1',
} as Records['glucose_reading']['decision'];

let patients = 0;
let store: Store;

beforeEach(() => {
  patients += 1;
  store = new Store(`patient-moments-${patients}`, () => NOW);
});

afterEach(async () => {
  await store.close();
  await deleteStore(store.patientId);
});

async function doneBy<K extends SavedKind>(
  moment: Partial<Records['occurrence']>,
  ...saved: [K, Records[K]][]
): Promise<boolean> {
  await store.keep('occurrence', 'o1', occurrence('o1', moment));
  for (const [kind, record] of saved) await store.save(kind, (record as { id: string }).id, record);
  return isDone(await store.connection.open(), 'o1');
}

const log = (values: object = {}) => ({ id: 'l1', on: DAY, redness: null, ...values }) as Records['session_log'];
const shoes = { id: 's1', on: DAY } as Records['shoe_check'];
const reading = (at: string, values: object = {}) =>
  glucoseReading('g1', { on: at.slice(0, 10), recorded_at: at, decision: NOTHING_LEFT, ...values });

describe('a moment is done', () => {
  test('when it was answered so', async () => {
    expect(await doneBy({ state: 'done' })).toBe(true);
    expect(await isDone(await store.connection.open(), 'unknown')).toBe(false);
  });

  test('by a massage of its day', async () => {
    expect(await doneBy({}, ['session_log', log()])).toBe(true);
  });

  test('by a foot check of its day, unless the feet could not be seen', async () => {
    const unseen = footCheck('f0', { on: DAY, result: 'not_seen_well' });
    expect(await doneBy({ kind: 'foot_check' }, ['foot_check', unseen])).toBe(false);
    expect(await doneBy({ kind: 'foot_check' }, ['foot_check', footCheck('f1', { on: DAY })])).toBe(true);
  });

  test('by a look at the shoes, and by a note of the diary', async () => {
    expect(await doneBy({ kind: 'shoe_check' }, ['shoe_check', shoes])).toBe(true);
    expect(await doneBy({ kind: 'symptom_entry' }, ['symptom_entry', symptomEntry('d1', { on: DAY })])).toBe(true);
  });

  test('by the look at the skin that it asks for', async () => {
    const asks = { kind: 'redness', session_log_id: 'l1' };
    expect(await doneBy(asks, ['session_log', log()])).toBe(false);
    expect(await doneBy(asks, ['session_log', log({ redness: 'gone' })])).toBe(true);
  });

  test.each([
    ['2026-11-23T16:29:00Z', false],
    ['2026-11-23T16:30:00Z', true],
    ['2026-11-23T18:30:00Z', true],
    ['2026-11-23T18:31:00Z', false],
  ])('by sugar measured at %s: %s', async (at, is) => {
    expect(await doneBy({ kind: 'glucose' }, ['glucose_reading', reading(at)])).toBe(is);
  });

  test('by sugar measured before a midnight between', async () => {
    const moment = { kind: 'glucose', due_at: `${DAY}T00:30:00Z` };
    expect(await doneBy(moment, ['glucose_reading', reading('2026-11-22T23:30:00Z')])).toBe(true);
  });

  test('not by sugar that asks for another, nor by one that nothing was decided on', async () => {
    const again = { ...NOTHING_LEFT, outcome: { recheck: 15 } };
    const at = `${DAY}T17:50:00Z`;
    expect(await doneBy({ kind: 'glucose' }, ['glucose_reading', reading(at, { decision: again })])).toBe(false);
    expect(await doneBy({ kind: 'glucose' }, ['glucose_reading', reading(at, { decision: null })])).toBe(false);
  });

  test('by sugar of the meal that it asks for, and of no other', async () => {
    const saved = reading(`${DAY}T17:50:00Z`, { context: 'before_meal' });
    expect(await doneBy({ kind: 'glucose', meal_context: 'after_meal' }, ['glucose_reading', saved])).toBe(false);
    expect(await doneBy({ kind: 'glucose', meal_context: 'before_meal' }, ['glucose_reading', saved])).toBe(true);
  });

  test('not by what was removed, nor by what was done on another day', async () => {
    const other = footCheck('f0', { on: '2026-11-22' });
    expect(await doneBy({ kind: 'foot_check' }, ['foot_check', other])).toBe(false);
    expect(await doneBy({ kind: 'foot_check' }, ['foot_check', footCheck('f1', { on: DAY })])).toBe(true);
    await store.remove('foot_check', 'f1');
    expect(await isDone(await store.connection.open(), 'o1')).toBe(false);
  });

  test('never by itself, when Devices is to be mended', async () => {
    expect(await doneBy({ kind: 'device' })).toBe(false);
  });
});

test('open are those of today that have come, are not put off and not done', async () => {
  await store.keep('me', store.patientId, { time_zone: 'Europe/Berlin' } as Records['me']);
  const later = '2026-11-23T18:20:00Z';
  const moments: Partial<Records['occurrence']>[] = [
    {},
    { kind: 'glucose' },
    { kind: 'glucose', due_at: later },
    { kind: 'glucose', state: 'snoozed', until: later },
    { kind: 'glucose', state: 'snoozed', until: '2026-11-23T18:05:00Z' },
    { kind: 'foot_check', state: 'skipped' },
    { kind: 'foot_check', state: 'done' },
    { kind: 'massage', not_sent: 'paused' },
    { kind: 'glucose', on: '2026-11-22', due_at: '2026-11-22T18:00:00Z' },
  ];
  for (const [index, values] of moments.entries())
    await store.keep('occurrence', `o${index}`, occurrence(`o${index}`, values));
  const count = async () => countOpen(await store.connection.open(), store.patientId, NOW);
  expect(await count()).toBe(3);
  await store.save('session_log', 'l1', log());
  expect(await count()).toBe(2);
});
