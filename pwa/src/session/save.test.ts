/** Saving a session, and keeping one that was left behind. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deleteStore, Store } from '../store/store';
import { DRAFT, newDraft, type SessionDraft, STOPPED_DRAFT } from './draft';
import { keepLeftBehind } from './left-behind';
import type { Snapshot } from './player';
import { saveSession } from './save';

const at = '2026-11-22T18:10:00.000Z';
const checked = { decision: null, profile_decision: null, areas_skipped: [] };
let store: Store;
let patients = 0;

beforeEach(() => {
  patients += 1;
  store = new Store(`session-${patients}`);
});

afterEach(async () => {
  await store.close();
  await deleteStore(store.patientId);
});

function draft(state: Snapshot['state'], changes: Partial<SessionDraft> = {}): SessionDraft {
  const player: Snapshot = {
    script_id: 'S8',
    step: 3,
    seconds_into_step: 1,
    seconds_done: 30,
    seconds_covered: [10, 10, 9, 1],
    seconds_played: 30,
    started_at: '2026-11-22T18:00:00.000Z',
    saved_at: '2026-11-22T18:00:30.000Z',
    state,
    paused_by: null,
  };
  const made = {
    id: 'one',
    on: '2026-11-22',
    script_id: 'S8',
    occurrence_id: 'o1',
    helper: false,
    own: null,
    ...checked,
    at,
  };
  return { ...newDraft(made), stage: 'after', player, ...changes };
}

const paths = async () => (await (await store.read()).getAllFromIndex('outbox', 'by_order')).map(({ path }) => path);

test('a finished session is saved, its reminder answered, its draft gone', async () => {
  await store.saveDraft(DRAFT, draft('finished'));
  await saveSession(store, draft('finished'), at);
  expect((await store.get('session_log', 'one'))?.record).toMatchObject({ state: 'finished', occurrence_id: 'o1' });
  expect(await paths()).toEqual(['/session-logs/one', '/occurrences/o1']);
  expect(await store.draft(DRAFT)).toBeUndefined();
  expect(await store.draft(STOPPED_DRAFT)).toBeUndefined();
});

test('a stopped session is saved too, may be finished, and leaves the reminder open', async () => {
  await saveSession(store, draft('stopped', { stop_reason: 'enough' }), at);
  expect((await store.get('session_log', 'one'))?.record).toMatchObject({ state: 'stopped', stop_reason: 'enough' });
  expect(await paths()).toEqual(['/session-logs/one']);
  expect(await store.draft(STOPPED_DRAFT)).toMatchObject({ id: 'one' });
});

test('one left in the middle yesterday is kept as interrupted', async () => {
  await store.saveDraft(DRAFT, draft('running', { stage: 'player' }));
  await keepLeftBehind(store, '2026-11-22');
  expect(await store.draft(DRAFT)).toBeDefined();
  await keepLeftBehind(store, '2026-11-23');
  expect((await store.get('session_log', 'one'))?.record).toMatchObject({
    stop_reason: 'interrupted',
    on: '2026-11-22',
    seconds_done: 30,
  });
  expect(await store.draft(DRAFT)).toBeUndefined();
  expect(await store.draft(STOPPED_DRAFT)).toBeUndefined();
});

test('blood that was never told more of is told the strictest way, once, on the day of the massage', async () => {
  await store.saveDraft(DRAFT, draft('stopped', { stop_reason: 'bleeding' }));
  await keepLeftBehind(store, '2026-11-23');
  expect((await store.get('triage_event', 'one'))?.record).toMatchObject({
    on: '2026-11-22',
    level: 'emergency',
    signs: ['open_sore'],
  });
  const blocks = (await store.list('block')).map(({ record }) => [record.warning, record.on]);
  expect(blocks).toContainEqual(['open_sore', '2026-11-22']);
  expect((await store.get('session_log', 'one'))?.record.stop_reason).toBe('bleeding');
});

test('what was told already is not told again', async () => {
  const told = { answers: { open_sore: 'yes', confused_with_sore: 'no' }, level: 'same_day' } as const;
  await store.saveDraft(DRAFT, draft('stopped', { stop_reason: 'bleeding', told }));
  await keepLeftBehind(store, '2026-11-23');
  expect(await store.list('triage_event')).toEqual([]);
  expect(await store.list('session_log')).toHaveLength(1);
});

test('one left before the massage began leaves nothing behind', async () => {
  await store.saveDraft(DRAFT, draft('ready', { stage: 'feelings', player: null }));
  await keepLeftBehind(store, '2026-11-23');
  expect(await store.list('session_log')).toEqual([]);
  expect(await store.draft(DRAFT)).toBeUndefined();
});
