/**
 * Two phones of one account against the real server, whose address and session stand in the environment:
 * tests/test_two_phones.py starts it and runs this. Whatever they save, remove, undo and send in whatever order, with replies
 * lost on the way, they end equal, and the last change to arrive is what counts.
 */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Answer, ApiError, type Ask } from '../api/client';
import { addDays } from '../localtime';
import { dailyId, newId } from '../store/ids';
import { type Records, type SavedKind, Store, withHandEntry } from '../store/store';
import { waitingIn } from '../store/waiting';
import { footCheck, glucoseReading, reminder, symptomEntry } from '../testing/records';
import { fetchChanges, fetchStale } from './fetch';
import { sendWaiting } from './outbox';
import { sendEntry } from './send-entry';

const { FOOTWELL_SITE = '', FOOTWELL_COOKIE = '', FOOTWELL_PATIENT = '' } = process.env;
const RUNS = Number(process.env.FOOTWELL_RUNS ?? 40);
const FIRST_DAY = '2020-01-01';
const UNDO_IS_OVER = 11_000;

interface Target {
  kind: SavedKind;
  id: string;
  on: string;
}

/** What was last done to a record on one phone, for as long as nothing from outside has replaced it. */
type Last = { did: 'saved'; value: number } | { did: 'removed' } | { did: 'undone' };

interface Trip {
  replies?: number | undefined;
  meanwhile?: (() => Promise<void>) | undefined;
}

class Phone {
  readonly #databases = new IDBFactory();
  readonly store: Store;
  readonly last = new Map<Target, Last>();
  /** What was done here and has not arrived: until then it must stand as the patient left it. */
  readonly unsent = new Map<Target, number | null>();
  readonly undos = new Map<Target, () => Promise<void>>();
  now = Date.now();

  constructor() {
    this.hold();
    this.store = new Store(FOOTWELL_PATIENT, () => this.now);
  }

  /** A real phone has its own databases: until this phone is put down, these are the ones there are. */
  hold(): void {
    globalThis.indexedDB = this.#databases;
  }

  async save(target: Target, value: number): Promise<void> {
    const known = (await this.store.get(target.kind, target.id))?.record;
    await this.store.save(target.kind, target.id, recordOf(target, value, known));
    this.last.set(target, { did: 'saved', value });
    this.unsent.set(target, value);
  }

  async remove(target: Target): Promise<void> {
    if (!(await this.store.get(target.kind, target.id))) return;
    this.undos.set(target, await this.store.remove(target.kind, target.id));
    this.last.set(target, { did: 'removed' });
    this.unsent.set(target, null);
  }

  async undo(target: Target): Promise<void> {
    const undo = this.undos.get(target);
    if (!undo) return;
    this.undos.delete(target);
    await undo();
    this.last.set(target, { did: 'undone' });
    this.unsent.delete(target);
  }

  async seesWhatIsUnsent(): Promise<void> {
    for (const [{ kind, id }, value] of this.unsent) {
      const record = (await this.store.get(kind, id))?.record;
      // Of a day whose steps a device counted too, the device's number would stay; here there is none.
      expect(record === undefined ? null : valueIn(kind, record)).toBe(value);
    }
  }

  /**
   * Sends and fetches until the network is lost; `replies` is how many answers arrive before that. `meanwhile` is what
   * the patient does while the first request is under way.
   */
  async sync(arrived: (ask: Ask) => void, { replies = Number.POSITIVE_INFINITY, meanwhile }: Trip = {}): Promise<void> {
    const waiting = waitingIn(this.store);
    let left = replies;
    let busy = meanwhile;
    const over = async (ask: Ask): Promise<Answer> => {
      const answer = await exchange(ask);
      if (ask.method !== 'GET' && answer.status < 300) {
        arrived(ask);
        for (const target of this.unsent.keys()) if (ask.path.endsWith(`/${target.id}`)) this.unsent.delete(target);
      }
      const now = busy;
      busy = undefined;
      await now?.();
      if (--left < 0) throw offline();
      return answer;
    };
    await waiting.setPause(null);
    const around = { waiting, send: (entry: Parameters<typeof sendEntry>[0]) => sendEntry(entry, over) };
    const { state } = await sendWaiting({ ...around, now: () => this.now, appVersion: 'test' });
    if (state !== 'done') return;
    try {
      await fetchStale(this.store, over);
      await fetchChanges(this.store, over);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}

const offline = () => new ApiError({ status: 0, code: 'offline', detail: '', errors: {}, retryAfter: null });

async function exchange({ method, path, body }: Ask): Promise<Answer> {
  const reply = await fetch(`${FOOTWELL_SITE}/api/v1${path}`, {
    method,
    headers: {
      Accept: 'application/json',
      Cookie: FOOTWELL_COOKIE,
      Origin: FOOTWELL_SITE,
      ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(method === 'PUT' ? { body: JSON.stringify(body) } : {}),
  });
  const text = await reply.text();
  const { status, headers } = reply;
  return { status, headers, ours: headers.has('Footwell-Api'), body: text === '' ? null : JSON.parse(text) };
}

function recordOf({ kind, id, on }: Target, value: number, known: unknown): Records[SavedKind] {
  if (kind === 'symptom_entry') return symptomEntry(id, { on, pain: value });
  if (kind === 'step_count')
    return withHandEntry(known as Records['step_count'] | undefined, on, value, `${on}T20:00:00Z`);
  if (kind === 'glucose_reading') return glucoseReading(id, { on, value: String(100 + value) });
  if (kind === 'foot_check') return footCheck(id, { on, note: `Note ${value}` });
  return reminder(id, { kind: 'foot_check', starts_on: on, times: [`0${value}:00`] });
}

function valueIn(kind: SavedKind, record: unknown): number {
  if (kind === 'symptom_entry') return (record as Records['symptom_entry']).pain;
  if (kind === 'step_count') return (record as { steps: number }).steps;
  if (kind === 'glucose_reading') return Number((record as Records['glucose_reading']).value) - 100;
  if (kind === 'foot_check') return Number((record as Records['foot_check']).note?.slice('Note '.length));
  return Number((record as Records['reminder']).times[0]?.slice(0, 2));
}

let days = 0;

/** Of each kind two records that no case before has touched. */
async function newTargets(): Promise<Target[]> {
  const targets: Target[] = [];
  for (let two = 0; two < 2; two += 1) {
    const on = addDays(FIRST_DAY, days++);
    targets.push(
      { kind: 'symptom_entry', id: await dailyId(FOOTWELL_PATIENT, 'symptom_entry', on), on },
      { kind: 'step_count', id: on, on },
      { kind: 'reminder', id: newId(), on },
      { kind: 'glucose_reading', id: newId(), on },
      { kind: 'foot_check', id: newId(), on },
    );
  }
  return targets;
}

const which = { phone: fc.nat(1), target: fc.nat(9) };
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ ...which, do: fc.constant('save' as const), value: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ ...which, do: fc.constant('remove' as const) }) },
  { weight: 1, arbitrary: fc.record({ ...which, do: fc.constant('undo' as const) }) },
  { weight: 1, arbitrary: fc.record({ phone: fc.nat(1), do: fc.constant('wait' as const) }) },
  { weight: 2, arbitrary: fc.record({ phone: fc.nat(1), do: fc.constant('sync' as const) }) },
  { weight: 2, arbitrary: fc.record({ phone: fc.nat(1), do: fc.constant('sync' as const), replies: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ ...which, do: fc.constant('save while syncing' as const), value: fc.nat(9) }) },
);

test('two phones of one account end equal, whatever each did while it was offline', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 24 }), async (steps) => {
      const phones = [new Phone(), new Phone()];
      const targets = await newTargets();
      /** By record, the last change that the server took, and by phone, every change of it. */
      const winner = new Map<string, Ask>();
      const sent = phones.map(() => new Map<string, Ask>());
      const keep = (at: number) => (ask: Ask) => {
        winner.set(ask.path, ask);
        sent[at]?.set(ask.path, ask);
      };
      const sync = async (at: number, trip: Trip = {}) => {
        phones[at]?.hold();
        await phones[at]?.sync(keep(at), trip);
      };
      for (const one of steps) {
        const phone = phones[one.phone] as Phone;
        phone.hold();
        const target = 'target' in one ? (targets[one.target] as Target) : null;
        if (one.do === 'sync') await sync(one.phone, 'replies' in one ? { replies: one.replies } : {});
        else if (one.do === 'save while syncing' && target)
          await sync(one.phone, { meanwhile: () => phone.save(target, one.value) });
        else if (one.do === 'wait') phone.now += UNDO_IS_OVER;
        else if (one.do === 'save' && target) await phone.save(target, one.value);
        else if (one.do === 'remove' && target) await phone.remove(target);
        else if (target) await phone.undo(target);
        await phone.seesWhatIsUnsent();
      }
      for (const at of [0, 1, 0, 1]) {
        (phones[at] as Phone).now += UNDO_IS_OVER;
        await sync(at);
      }

      const found = await Promise.all(
        phones.map(async (phone) => {
          expect(await phone.store.waitingCount()).toBe(0);
          const kinds = [
            'symptom_entry',
            'step_count',
            'reminder',
            'glucose_reading',
            'foot_check',
            'occurrence',
          ] as const;
          return Promise.all(kinds.map((kind) => phone.store.list<(typeof kinds)[number]>(kind)));
        }),
      );
      expect(found[0]).toEqual(found[1]);

      for (const target of targets) {
        const { kind, id } = target;
        const path = [...winner.keys()].find((one) => one.endsWith(`/${id}`));
        const last = path ? winner.get(path) : undefined;
        const here = (await phones[0]?.store.get(kind, id))?.record;
        if (last?.method === 'PUT') expect(valueIn(kind, here)).toBe(valueIn(kind, last.body));
        else expect(here).toBeUndefined();
        phones.forEach((phone, at) => {
          const did = phone.last.get(target);
          const told = path ? sent[at]?.get(path) : undefined;
          if (did?.did === 'saved') expect(valueIn(kind, told?.body)).toBe(did.value);
        });
      }
      for (const phone of phones) await phone.store.close();
      // A patient has fifty reminders at most, and all cases are of one patient.
      for (const { kind, id } of targets)
        if (kind === 'reminder') await exchange({ method: 'DELETE', path: `/reminders/${id}` });
    }),
    { numRuns: RUNS },
  );
});
