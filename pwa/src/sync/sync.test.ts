/** Sending and fetching together, against a small server and with a clock of the test's own. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChangesPage } from '../api/types';
import { applyPage } from '../store/incoming';
import { deleteStore, Store } from '../store/store';
import { occurrence, reminder, symptomEntry } from '../testing/records';
import { problem, reply, TestServer } from '../testing/server';
import { type Sync, startSync } from './sync';

let store: Store;
let server: TestServer;
let now = 0;
let comeBack: () => void = () => undefined;
let patients = 0;
const running: Sync[] = [];

beforeEach(() => {
  patients += 1;
  now = 1_000_000;
  server = new TestServer();
  store = new Store(`patient-${patients}`, () => now);
});

afterEach(async () => {
  for (const sync of running.splice(0)) sync.stop();
  await store.close();
  await deleteStore(store.patientId);
});

function begin(of = store): Sync {
  const sync = startSync(of, {
    now: () => now,
    exchange: server.exchange,
    onReturn(back) {
      comeBack = back;
      return () => undefined;
    },
    visible: () => false,
  });
  running.push(sync);
  return sync;
}

const settled = (sync: Sync, state: Sync['state'] = 'idle') =>
  vi.waitFor(() => {
    expect(sync.state).toBe(state);
    if (state === 'idle') expect(sync.lastSyncedAt).not.toBeNull();
  });

const nothingWaits = () => vi.waitFor(async () => expect(await store.waitingCount()).toBe(0));

describe('sending', () => {
  test('what waits at the start is sent, exactly once', async () => {
    await store.save('symptom_entry', 's1', symptomEntry('s1'));
    begin();
    await nothingWaits();
    expect(server.sent).toEqual(['PUT /symptom-entries/s1']);
    expect(await store.get('symptom_entry', 's1')).toMatchObject({ waiting: false, record: { updated_at: 'now' } });
  });

  test('a save is sent at once', async () => {
    await settled(begin());
    await store.save('reminder', 'r1', reminder('r1'));
    await nothingWaits();
    expect(server.sent).toEqual(['PUT /reminders/r1']);
  });

  test('a save without a network waits, and coming back sends it', async () => {
    server.trouble = () => 'offline';
    const sync = begin();
    await settled(sync, 'offline');
    await store.save('reminder', 'r1', reminder('r1'));
    expect(await store.get('reminder', 'r1')).toMatchObject({ waiting: true });
    server.trouble = () => null;
    comeBack();
    await nothingWaits();
    await settled(sync);
  });

  test('an edit made while the old one is under way is sent after it', async () => {
    let sawFirst = (): void => undefined;
    const first = new Promise<void>((resolve) => {
      sawFirst = resolve;
    });
    server.trouble = ({ method, body }) => {
      if (method === 'PUT' && (body as { pain: number }).pain === 1) {
        void store.save('symptom_entry', 's1', symptomEntry('s1', { pain: 2 })).then(sawFirst);
      }
      return null;
    };
    await store.save('symptom_entry', 's1', symptomEntry('s1', { pain: 1 }));
    begin();
    await first;
    await nothingWaits();
    expect(server.kept.get('symptom_entry/s1')?.record).toMatchObject({ pain: 2 });
    expect(await store.get('symptom_entry', 's1')).toMatchObject({ record: { pain: 2 } });
  });

  test('a page of a hotel is not taken for our answer', async () => {
    server.trouble = () => ({ ...reply(200, null), ours: false });
    await store.save('reminder', 'r1', reminder('r1'));
    const sync = begin();
    await settled(sync, 'offline');
    expect(await store.waitingCount()).toBe(1);
  });

  test('signed out, everything stays and the app asks to sign in', async () => {
    server.trouble = () => problem(401, 'not_signed_in');
    await store.save('reminder', 'r1', reminder('r1'));
    const sync = begin();
    await settled(sync, 'sign_in_needed');
    expect(await store.get('reminder', 'r1')).toMatchObject({ waiting: true });
    server.trouble = () => null;
    sync.poke();
    await nothingWaits();
  });

  test('a Retry-After is kept even when the phone comes back', async () => {
    server.trouble = ({ method }) =>
      method === 'PUT' ? problem(429, 'busy', { 'Retry-After': '60', 'Footwell-Api': '1' }) : null;
    await store.save('reminder', 'r1', reminder('r1'));
    begin();
    await vi.waitFor(() => expect(server.sent).toHaveLength(1));
    await vi.waitFor(async () => expect(await store.meta('pause')).toMatchObject({ firm: true }));
    server.trouble = () => null;
    comeBack();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.sent).toHaveLength(1);
    now += 60_000;
    comeBack();
    await nothingWaits();
  });

  test('a refused entry let go is read again from the server', async () => {
    server.write('symptom_entry', 's1', { id: 's1', on: '2026-11-22', pain: 7 });
    const sync = begin();
    await settled(sync);
    server.trouble = ({ method }) => (method === 'PUT' ? problem(422, 'invalid_fields') : null);
    await store.save('symptom_entry', 's1', symptomEntry('s1', { pain: 1 }));
    await vi.waitFor(async () => expect(await store.refusedEntries()).toHaveLength(1));
    await store.dropEntry('/symptom-entries/s1');
    sync.poke();
    await vi.waitFor(async () => expect(await store.get('symptom_entry', 's1')).toMatchObject({ record: { pain: 7 } }));
    expect(server.asked).toContainEqual(expect.objectContaining({ method: 'GET', path: '/symptom-entries/s1' }));
  });

  test('after an app update what was refused is tried again', async () => {
    server.trouble = ({ method }) => (method === 'PUT' ? problem(422, 'invalid_fields') : null);
    await store.save('reminder', 'r1', reminder('r1'));
    const old = begin();
    await vi.waitFor(async () =>
      expect(await store.refusedEntries()).toMatchObject([{ refused: { code: 'invalid_fields' } }]),
    );
    old.stop();
    await store.change(async (tx) => {
      const entry = await tx.objectStore('outbox').get('/reminders/r1');
      if (entry?.refused)
        await tx.objectStore('outbox').put({ ...entry, refused: { ...entry.refused, app_version: 'old' } });
      return { kinds: [], result: undefined };
    });
    server.trouble = () => null;
    begin();
    await nothingWaits();
  });
});

describe('fetching', () => {
  test('all pages come, deletions too, and the next time only what is new', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) server.write('symptom_entry', id, { ...symptomEntry(id) });
    const sync = begin();
    await settled(sync);
    expect(await store.list('symptom_entry')).toHaveLength(5);
    server.write('symptom_entry', 'a', null);
    server.asked.length = 0;
    sync.poke();
    await vi.waitFor(async () => expect(await store.list('symptom_entry')).toHaveLength(4));
    expect(server.asked.map(({ path }) => path)).toEqual(['/changes?since=5']);
  });

  test('a record with an unsent change is left alone', async () => {
    await store.save('symptom_entry', 's1', symptomEntry('s1', { pain: 2 }));
    server.write('symptom_entry', 's1', { ...symptomEntry('s1'), pain: 9 });
    server.trouble = ({ method }) => (method === 'PUT' ? problem(422, 'invalid_fields') : null);
    await settled(begin());
    expect(await store.get('symptom_entry', 's1')).toMatchObject({ record: { pain: 2 } });
  });

  test('a page read before a later answer of ours does not undo it', async () => {
    await store.keep('symptom_entry', 's1', symptomEntry('s1', { pain: 1 }));
    const older = { kind: 'symptom_entry', id: 's1', deleted: false };
    await applyPage(store, page({ ...older, seq: 6, record: { ...symptomEntry('s1', { pain: 6 }) } }));
    await applyPage(store, page({ ...older, seq: 5, record: { ...symptomEntry('s1', { pain: 5 }) } }));
    expect(await store.get('symptom_entry', 's1')).toMatchObject({ record: { pain: 6 } });
  });

  test('kinds this app does not know are kept unread', async () => {
    server.write('foot_scan', 'f1', { on: '2026-11-22', secret: 'of tomorrow' });
    await settled(begin());
    const row = await (await store.read()).get('records', ['foot_scan', 'f1']);
    expect(row).toMatchObject({ record: { secret: 'of tomorrow' }, day: '2026-11-22' });
  });

  test('a fresh start drops what the server no longer has and keeps the outbox', async () => {
    for (const id of ['a', 'b', 'c']) server.write('symptom_entry', id, { ...symptomEntry(id) });
    const sync = begin();
    await settled(sync);
    server.trouble = ({ method }) => (method === 'PUT' ? problem(422, 'invalid_fields') : null);
    await store.save('symptom_entry', 'mine', symptomEntry('mine'));
    await vi.waitFor(async () => expect(await store.refusedEntries()).toHaveLength(1));
    server.kept.delete('symptom_entry/b');
    server.startOver();
    sync.poke();
    await vi.waitFor(async () => {
      const ids = (await store.list('symptom_entry')).map(({ id }) => id);
      expect(ids.sort()).toEqual(['a', 'c', 'mine']);
    });
  });

  test('an occurrence whose answer was let go is read again from its day', async () => {
    await store.keep('occurrence', 'o1', occurrence('o1'));
    server.trouble = ({ method, path }) => {
      if (method === 'PUT') return problem(404, 'not_found');
      if (path.startsWith('/occurrences?')) return reply(200, { items: [occurrence('o1')] });
      return null;
    };
    const sync = begin();
    await store.answerOccurrence('o1', { state: 'done', at: '2026-11-23T18:05:00Z' });
    await vi.waitFor(async () => expect(await store.refusedEntries()).toHaveLength(1));
    await store.dropEntry('/occurrences/o1');
    sync.poke();
    await vi.waitFor(async () =>
      expect(await store.get('occurrence', 'o1')).toMatchObject({ record: { state: 'open' } }),
    );
    expect(server.asked.map(({ path }) => path)).toContain('/occurrences?from=2026-11-23&to=2026-11-23');
  });
});

type Trouble = ReturnType<TestServer['trouble']>;

function page(...items: ChangesPage['items']): ChangesPage {
  return { items, next: '9', more: false, reset: false };
}

/** Numbers from 0 up to 1 that are the same in every run of a seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function pick(chance: number, ...choices: [number, Trouble][]): Trouble {
  return choices.find(([limit]) => chance < limit)?.[1] ?? null;
}

test.each([1, 2, 3, 4, 5])(
  'two phones end equal after edits in any order, with a bad network (seed %i)',
  async (seed) => {
    const random = numbers(seed);
    const phones = [store, new Store(`${store.patientId}-second`, () => now)] as const;
    server.trouble = () => pick(random(), [0.2, 'offline'], [0.4, 'reply_lost'], [0.5, problem(503, 'busy')]);
    const syncs = phones.map((phone) => begin(phone));
    for (let step = 0; step < 40; step += 1) {
      const phone = random() < 0.5 ? phones[0] : phones[1];
      const id = `s${Math.floor(random() * 4)}`;
      if (random() < 0.7) await phone.save('symptom_entry', id, symptomEntry(id, { pain: Math.floor(random() * 11) }));
      else {
        const undo = await phone.remove('symptom_entry', id);
        if (random() < 0.5) await undo();
      }
      now += Math.floor(random() * 8_000);
      if (random() < 0.5) for (const sync of syncs) sync.poke();
    }
    server.trouble = () => null;
    now += 10_000_000;
    const known = async (phone: Store) =>
      (await phone.list('symptom_entry')).map(({ id, record }) => [id, record.pain]).sort();
    await vi.waitFor(
      async () => {
        now += 1_000_000;
        for (const sync of syncs) sync.poke();
        await new Promise((resolve) => setTimeout(resolve, 10));
        expect([await phones[0].waitingCount(), await phones[1].waitingCount()]).toEqual([0, 0]);
        const truth = [...server.kept.values()]
          .filter(({ record }) => record)
          .map(({ id, record }) => [id, record?.pain]);
        expect(await known(phones[0])).toEqual(truth.sort());
        expect(await known(phones[1])).toEqual(truth.sort());
      },
      { timeout: 4_000, interval: 20 },
    );
    for (const sync of syncs) sync.stop();
    await phones[1].close();
    await deleteStore(phones[1].patientId);
  },
);
