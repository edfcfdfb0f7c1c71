/** The number on the app's icon, where there can be one. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deleteStore, type Records, Store } from '../store/store';
import { occurrence } from '../testing/records';
import { followBadge, showBadge } from './badge';

let numbers: number[];
let store: Store;

beforeEach(() => {
  numbers = [];
  store = new Store('patient-badge');
  vi.stubGlobal('navigator', {
    setAppBadge: async (count: number) => void numbers.push(count),
    clearAppBadge: async () => void numbers.push(0),
  });
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await store.close();
  await deleteStore(store.patientId);
});

test('follows what is open, and goes with the patient', async () => {
  const due_at = new Date(Date.now() - 1).toISOString();
  await store.keep('me', store.patientId, { time_zone: 'UTC' } as Records['me']);
  await store.keep('occurrence', 'o1', occurrence('o1', { on: due_at.slice(0, 10), due_at }));
  const stop = followBadge(store);
  await vi.waitFor(() => expect(numbers).toEqual([1]));
  await store.answerOccurrence('o1', { state: 'done', at: due_at });
  await vi.waitFor(() => expect(numbers).toEqual([1, 0]));
  stop();
  expect(numbers).toEqual([1, 0, 0]);
  await store.answerOccurrence('o1', { state: 'snoozed', at: due_at, until: due_at });
  expect(numbers).toEqual([1, 0, 0]);
});

test('a browser without one, or that will not show it, is no trouble', async () => {
  const refuses = async () => {
    throw new DOMException('no', 'NotAllowedError');
  };
  vi.stubGlobal('navigator', { setAppBadge: refuses, clearAppBadge: refuses });
  await showBadge(1);
  vi.stubGlobal('navigator', {});
  await showBadge(1);
  followBadge(store)();
  expect(numbers).toEqual([]);
});
