import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepShort, shortDraft } from './short-draft';
import { deleteStore, Store } from './store';

const DAY = '2026-11-22';
const AT = Date.parse('2026-11-22T18:00:00Z');
const later = (minutes: number) => new Date(AT + minutes * 60_000);
let store: Store;
let patients = 0;

beforeEach(async () => {
  patients += 1;
  store = new Store(`short-${patients}`);
  await keepShort(store, 'help', { answers: { open_sore: 'yes' } }, DAY, later(0));
});

afterEach(async () => {
  await store.close();
  await deleteStore(store.patientId);
});

test('what was ticked is offered again for 30 minutes of the same day', async () => {
  expect(await shortDraft(store, 'help', DAY, later(30))).toEqual({ answers: { open_sore: 'yes' } });
  expect(await shortDraft(store, 'help', DAY, later(30.1))).toBeNull();
  expect(await shortDraft(store, 'help', '2026-11-23', later(5))).toBeNull();
  expect(await shortDraft(store, 'session_check', DAY, later(5))).toBeNull();
});

test('a clock that was set back brings nothing back', async () => {
  expect(await shortDraft(store, 'help', DAY, later(-1))).toBeNull();
});
