/** What follows from a reading that was kept: the end of a low-sugar warning, and the answer to a reminder. */
import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import type { Records } from '../store/records';
import { openStore } from '../store/store';
import { ago, reading, shows, today } from '../testing/glucose';
import { occurrence } from '../testing/records';
import { draftName, newEntry } from './entry';
import { isDoubtful } from './patterns';
import { lowNow } from './readings';
import { answeredBy, endedBy, hold, saveReading } from './save';

const now = new Date(`${today}T18:00:00Z`);
const warning = (changes: Partial<Records['block']> = {}) =>
  ({
    id: 'b1',
    on: today,
    started_at: ago(30),
    warning: 'low_sugar',
    level: null,
    areas: [],
    decision: null,
    ended_at: null,
    end_reason: null,
    clinician_name: null,
    clinician_on: null,
    ...changes,
  }) as Records['block'];

it('a reading at or above ends a low-sugar warning that began before it, and no other', () => {
  const ended = (one: ReturnType<typeof reading>, ...blocks: Records['block'][]) =>
    endedBy(one, blocks, 'US', now).map(({ end_reason, ended_at }) => [end_reason, ended_at]);
  expect(ended(reading('70', 5), warning())).toEqual([['reading_ok', ago(5)]]);
  expect(ended(shows('HI', 5), warning())).toEqual([['reading_ok', ago(5)]]);
  expect(ended(reading('69', 5), warning())).toEqual([]);
  expect(ended(shows('LO', 5), warning())).toEqual([]);
  expect(ended(reading('110', 31), warning())).toEqual([]);
  expect(ended(reading('110', 5), warning({ warning: 'open_sore', level: 'same_day' }))).toEqual([]);
  expect(ended(reading('110', 5), warning({ ended_at: ago(10), end_reason: 'felt_well' }))).toEqual([]);
});

it('a reading answers the reminder that was tapped, and those within half an hour', () => {
  const moment = (id: string, minutes: number, changes = {}) =>
    occurrence(id, { kind: 'glucose', on: today, due_at: ago(minutes), ...changes });
  const moments = [
    moment('near', 40),
    moment('far', 50),
    moment('later', 200, { state: 'snoozed', until: ago(20) }),
    moment('done', 30, { state: 'done' }),
    moment('massage', 30, { kind: 'massage' }),
  ];
  const answered = (tapped: string | null) => answeredBy(reading('110', 15), moments, tapped).map(({ id }) => id);
  expect(answered(null)).toEqual(['near', 'later']);
  expect(answered('far')).toEqual(['near', 'far', 'later']);
  expect(answered('massage')).toEqual(['near', 'later']);
});

it('all of it is kept on the phone at once', async () => {
  const store = await openStore('patient-glucose');
  await store.save('block', 'b1', warning());
  await store.keep('occurrence', 'o1', occurrence('o1', { kind: 'glucose', on: today, due_at: ago(10) }));
  await saveReading(store, reading('110', 5), { region: 'US', occurrenceId: null, now });
  expect((await store.list('glucose_reading')).map(({ record }) => record.value)).toEqual(['110']);
  expect((await store.get('block', 'b1'))?.record.end_reason).toBe('reading_ok');
  expect((await store.get('occurrence', 'o1'))?.record.state).toBe('done');
  await store.close();
});

it('a number in doubt is kept at once, counts as low, and its form waits with the moment it was typed', async () => {
  const store = await openStore('patient-glucose-doubt');
  const zone = 'Europe/Berlin';
  const me = { region: 'US' as const, profile: null, glucose_targets: null };
  const entry = { ...newEntry('mg/dL', null, now, zone), value: '25' };
  const facts = { me, before: undefined, at: now, zone, occurrenceId: null, confirmed: false, now };
  await store.saveDraft(draftName(null), entry);
  const kept = await hold(store, entry, facts);
  const readings = async () => (await store.list('glucose_reading')).map(({ record }) => record);
  expect(isDoubtful(kept)).toBe(true);
  expect(lowNow(await readings(), 'US', now)?.id).toBe(kept.id);
  expect(await store.draft(draftName(null))).toBeUndefined();
  expect(await store.draft(draftName(kept.id))).toMatchObject({
    value: '25',
    when: 'earlier',
    on: today,
    time: '19:00',
  });

  const later = { ...facts, before: kept, at: new Date(kept.recorded_at) };
  const other = await hold(store, { ...entry, unit: 'mmol/L' }, later);
  expect(other).toMatchObject({ id: kept.id, unit: 'mmol/L', recorded_at: kept.recorded_at });
  expect(lowNow(await readings(), 'US', now)).toBeNull();
  const right = await hold(store, entry, { ...later, confirmed: true });
  expect(isDoubtful(right)).toBe(false);
  expect(lowNow(await readings(), 'US', now)?.id).toBe(kept.id);
  await store.close();
});
