/** The store on a phone: what is saved, removed, undone and waiting. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { occurrence, reminder, symptomEntry } from '../testing/records';
import { hasDatabase, openDatabase } from './database';
import { dailyId, newId } from './ids';
import {
  currentPatientId,
  deleteStore,
  StorageFull,
  Store,
  setCurrentPatientId,
  UNDO_MS,
  withHandEntry,
} from './store';
import { waitingIn } from './waiting';

let now = 1_000_000;
let store: Store;
let patients = 0;

beforeEach(() => {
  patients += 1;
  store = new Store(`patient-${patients}`, () => now);
});

afterEach(async () => {
  await store.close();
  await deleteStore(store.patientId);
});

const outbox = async () => (await store.read()).getAllFromIndex('outbox', 'by_order');

describe('saving', () => {
  test('keeps the record and queues it', async () => {
    await store.save('symptom_entry', 's1', symptomEntry('s1', { pain: 4 }));
    expect(await store.get('symptom_entry', 's1')).toMatchObject({ record: { pain: 4 }, waiting: true, refused: null });
    expect(await outbox()).toMatchObject([{ method: 'PUT', path: '/symptom-entries/s1', body: { pain: 4 } }]);
  });

  test('a later edit replaces an unsent one', async () => {
    await store.save('symptom_entry', 's1', symptomEntry('s1', { pain: 4 }));
    await store.save('reminder', 'r1', reminder('r1'));
    await store.save('symptom_entry', 's1', symptomEntry('s1', { pain: 5 }));
    expect((await outbox()).map(({ path }) => path)).toEqual(['/symptom-entries/s1', '/reminders/r1']);
    expect(await outbox()).toMatchObject([{ body: { pain: 5 } }, {}]);
    expect(await store.waitingCount()).toBe(2);
  });

  test('members the app does not know are sent back', async () => {
    const record = { ...symptomEntry('s1'), from_tomorrow: true };
    await store.save('symptom_entry', 's1', record);
    expect(await outbox()).toMatchObject([{ body: { from_tomorrow: true } }]);
  });

  test('a day of steps sends the hand entry alone', async () => {
    const day = withHandEntry(undefined, '2026-11-22', 4210, '2026-11-22T09:00:00Z');
    await store.save('step_count', '2026-11-22', day);
    expect(await outbox()).toMatchObject([
      { path: '/step-counts/2026-11-22', body: { steps: 4210, recorded_at: '2026-11-22T09:00:00Z' } },
    ]);
    expect(await store.get('step_count', '2026-11-22')).toMatchObject({ record: { steps: 4210, source: 'manual' } });
  });

  test('nothing is kept when the phone is full, and the error says so', async () => {
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    await expect(store.save('symptom_entry', 's1', symptomEntry('s1'))).rejects.toBeInstanceOf(StorageFull);
    put.mockRestore();
    expect(await store.get('symptom_entry', 's1')).toBeUndefined();
    expect(await outbox()).toEqual([]);
  });
});

test('a list is by day, oldest first, within its range', async () => {
  for (const on of ['2026-11-22', '2026-11-20', '2026-11-21', '2026-11-25']) {
    await store.save('symptom_entry', on, symptomEntry(on, { on }));
  }
  const days = await store.list('symptom_entry', { from: '2026-11-20', to: '2026-11-22' });
  expect(days.map(({ record }) => record.on)).toEqual(['2026-11-20', '2026-11-21', '2026-11-22']);
  expect(await store.list('symptom_entry', { from: '2026-11-23' })).toHaveLength(1);
  expect(await store.list('reminder')).toEqual([]);
});

test('the newest come first, as many as are asked for, removed ones not among them', async () => {
  for (const on of ['2026-11-22', '2026-11-20', '2026-11-21', '2026-11-25'])
    await store.save('symptom_entry', on, symptomEntry(on, { on }));
  await store.remove('symptom_entry', '2026-11-25');
  const found = await store.newest('symptom_entry', 2);
  expect(found.map(({ id, waiting }) => [id, waiting])).toEqual([
    ['2026-11-22', true],
    ['2026-11-21', true],
  ]);
  expect(await store.newest('session_log', 2)).toEqual([]);
  await store.remove('symptom_entry', '2026-11-20');
  expect((await store.oldest('symptom_entry'))?.id).toBe('2026-11-21');
  expect(await store.oldest('session_log')).toBeUndefined();
});

describe('removing', () => {
  test('hides the record at once and tells the server ten seconds later', async () => {
    await store.save('reminder', 'r1', reminder('r1'));
    await store.remove('reminder', 'r1');
    expect(await store.list('reminder')).toEqual([]);
    expect(await outbox()).toMatchObject([{ method: 'DELETE', not_before: now + UNDO_MS }]);
  });

  test('undo puts the record and its unsent entry back', async () => {
    await store.save('reminder', 'r1', reminder('r1'));
    const before = await outbox();
    const undo = await store.remove('reminder', 'r1');
    await undo();
    expect(await outbox()).toEqual(before);
    expect(await store.get('reminder', 'r1')).toMatchObject({ waiting: true });
  });

  test('undo after the ten seconds writes the record again', async () => {
    await store.keep('reminder', 'r1', reminder('r1'));
    const undo = await store.remove('reminder', 'r1');
    now += UNDO_MS;
    await undo();
    expect(await outbox()).toMatchObject([{ method: 'PUT', path: '/reminders/r1' }]);
    expect(await store.get('reminder', 'r1')).toBeDefined();
  });

  test('undo after the server has heard of it writes the record again', async () => {
    await store.keep('reminder', 'r1', reminder('r1'));
    const undo = await store.remove('reminder', 'r1');
    now += UNDO_MS;
    const [entry] = await outbox();
    if (entry) await waitingIn(store).accepted(entry, { record: null, seq: null });
    await undo();
    expect(await outbox()).toMatchObject([{ method: 'PUT', body: { kind: 'massage' } }]);
  });

  test('undo does nothing when the record was saved anew since', async () => {
    await store.save('reminder', 'r1', reminder('r1'));
    const undo = await store.remove('reminder', 'r1');
    await store.save('reminder', 'r1', reminder('r1', { times: ['20:00'] }));
    await undo();
    expect(await store.get('reminder', 'r1')).toMatchObject({ record: { times: ['20:00'] } });
    expect(await outbox()).toMatchObject([{ method: 'PUT', body: { times: ['20:00'] } }]);
  });

  test('the hand entry of a day goes and the device stays', async () => {
    const device = {
      source: 'phone',
      source_label: 'Phone',
      steps: 3000,
      observed_at: 'x',
      is_partial: true,
      counted: true,
    };
    const day = { ...device, on: '2026-11-22', counts: [device] };
    await store.save('step_count', day.on, withHandEntry(day, day.on, 5000, 'y'));
    await store.remove('step_count', day.on);
    const left = await store.get('step_count', day.on);
    expect(left?.record).toMatchObject({ steps: 3000, source: 'phone', counts: [{ counted: true }] });
  });
});

test('changes to the own settings are joined until they are sent', async () => {
  await store.patchMe({ language: 'en' });
  await store.patchMe({ time_zone: 'Europe/Berlin' });
  expect(await outbox()).toMatchObject([
    { method: 'PATCH', path: '/me', body: { language: 'en', time_zone: 'Europe/Berlin' } },
  ]);
});

test('an answered occurrence shows at once', async () => {
  await store.keep('occurrence', 'o1', occurrence('o1'));
  await store.answerOccurrence('o1', { state: 'snoozed', until: '2026-11-23T18:30:00Z', at: '2026-11-23T18:00:00Z' });
  expect(await store.get('occurrence', 'o1')).toMatchObject({ record: { state: 'snoozed' }, waiting: true });
  expect(await outbox()).toMatchObject([{ method: 'PUT', path: '/occurrences/o1', body: { state: 'snoozed' } }]);
});

describe('a refused entry', () => {
  const refuse = async () => {
    const [entry] = await outbox();
    if (entry) await waitingIn(store).refused(entry, { code: 'invalid_fields', detail: 'pain', app_version: 'v1' });
  };

  test('is shown with its reason and is not waiting', async () => {
    await store.save('symptom_entry', 's1', symptomEntry('s1'));
    await refuse();
    const refused = { code: 'invalid_fields', detail: 'pain' };
    expect(await store.get('symptom_entry', 's1')).toMatchObject({ waiting: false, refused });
    expect(await store.refusedEntries()).toMatchObject([{ key: '/symptom-entries/s1', refused }]);
  });

  test('let go, a record the server never had is gone', async () => {
    await store.save('symptom_entry', 's1', symptomEntry('s1'));
    await refuse();
    await store.dropEntry('/symptom-entries/s1');
    expect(await store.get('symptom_entry', 's1')).toBeUndefined();
    expect(await store.waitingCount()).toBe(0);
  });

  test('edited, it waits again', async () => {
    await store.save('symptom_entry', 's1', symptomEntry('s1'));
    await refuse();
    await store.save('symptom_entry', 's1', symptomEntry('s1', { pain: 1 }));
    expect(await store.get('symptom_entry', 's1')).toMatchObject({ waiting: true, refused: null });
  });
});

test('drafts and small facts are kept by name', async () => {
  await store.saveDraft('player', { second: 93 });
  expect(await store.draft('player')).toEqual({ second: 93 });
  await store.dropDraft('player');
  expect(await store.draft('player')).toBeUndefined();
  await store.setMeta('seen', true);
  expect(await store.meta('seen')).toBe(true);
});

test('another tab hears of a change, and only of its kinds', async () => {
  const other = new Store(store.patientId);
  const heard: string[] = [];
  other.watch(['reminder'], () => heard.push('reminder'));
  other.watch(['block'], () => heard.push('block'));
  await store.save('reminder', 'r1', reminder('r1'));
  await vi.waitFor(() => expect(heard).toEqual(['reminder']));
  await other.close();
});

test('the store goes on after another tab has made it close', async () => {
  await store.save('reminder', 'r1', reminder('r1'));
  const newer = indexedDB.open(`footwell-${store.patientId}`, 99);
  await new Promise((resolve) => {
    newer.onsuccess = resolve;
  });
  await expect(store.get('reminder', 'r1')).rejects.toMatchObject({ code: 'app_too_old' });
  newer.result.close();
});

test('two patients on one phone have two stores', async () => {
  await store.save('reminder', 'r1', reminder('r1'));
  const other = new Store(`${store.patientId}-other`);
  expect(await other.list('reminder')).toEqual([]);
  await other.close();
  expect(await hasDatabase(store.patientId)).toBe(true);
  expect(await hasDatabase('nobody')).toBe(false);
  await setCurrentPatientId(store.patientId);
  expect(await currentPatientId()).toBe(store.patientId);
  await setCurrentPatientId(null);
  expect(await currentPatientId()).toBeNull();
});

test('an upgrade makes all tables', async () => {
  const db = await openDatabase(store.patientId, () => undefined);
  expect([...db.objectStoreNames]).toEqual(['drafts', 'meta', 'outbox', 'records', 'stale']);
  db.close();
});

test('ids: random ones, and the same one for a day on every phone', async () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  // uuid.uuid5(uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8"), "symptom_entry/2026-11-22")
  const id = await dailyId('6ba7b811-9dad-11d1-80b4-00c04fd430c8', 'symptom_entry', '2026-11-22');
  expect(id).toBe('36116740-f8bf-562d-ab18-9ac0ae93b7ef');
});
