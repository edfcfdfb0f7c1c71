/** A massage that was deleted is still the one of its day. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { symptomEntry } from '../testing/records';
import { deletedDone } from './done';
import { applyPage } from './incoming';
import type { Records } from './records';
import { deleteStore, Store } from './store';

let store: Store;
let patients = 0;

beforeEach(() => {
  patients += 1;
  store = new Store(`done-${patients}`);
});

afterEach(async () => {
  await store.close();
  await deleteStore(store.patientId);
});

const log = (id: string, on = '2026-11-22') => ({ id, on, note: 'secret' }) as Records['session_log'];

test('a deleted massage leaves its day and no word more', async () => {
  await store.save('session_log', 'one', log('one'));
  expect(await deletedDone(store, 'session_log')).toEqual([]);
  await store.remove('session_log', 'one');
  expect(await store.list('session_log')).toEqual([]);
  expect(await deletedDone(store, 'session_log')).toEqual([{ id: 'one', on: '2026-11-22' }]);
  expect(await deletedDone(store, 'comfort_log')).toEqual([]);
});

test('so does one that another phone deleted', async () => {
  await store.keep('session_log', 'one', log('one'));
  const gone = { kind: 'session_log', id: 'one', seq: 9, deleted: true, record: null };
  await applyPage(store, { items: [gone], next: 'n', more: false, reset: false });
  expect(await deletedDone(store, 'session_log')).toEqual([{ id: 'one', on: '2026-11-22' }]);
});

test('it is kept for a week, once, and of massages and baths alone', async () => {
  await store.save('session_log', 'old', log('old', '2026-11-15'));
  await store.remove('session_log', 'old');
  await store.save('session_log', 'one', log('one'));
  await (await store.remove('session_log', 'one'))();
  await store.remove('session_log', 'one');
  expect(await deletedDone(store, 'session_log')).toEqual([{ id: 'one', on: '2026-11-22' }]);
  await store.save('symptom_entry', 's1', symptomEntry('s1'));
  await store.remove('symptom_entry', 's1');
  expect(await store.meta('done symptom_entry')).toBeUndefined();
});
