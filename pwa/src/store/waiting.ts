/** The outbox as the sender sees it: what to send next, and what becomes of it. */
import type { Entry, Refusal, Writing } from './database';
import { roundOf, takeIn } from './rows';
import type { Store } from './store';

export interface Accepted {
  record: unknown;
  seq: number | null;
}

export interface Pause {
  until: number;
  delay: number;
  /** Asked for by the server: an online or visible phone does not cut it short. */
  firm: boolean;
}

export interface Waiting {
  next(now: number): Promise<Entry | null>;
  /** When the next entry that is not refused may be sent; null when there is none. */
  soonest(): Promise<number | null>;
  accepted(entry: Entry, answer: Accepted): Promise<void>;
  refused(entry: Entry, refusal: Refusal): Promise<void>;
  serverError(entry: Entry): Promise<void>;
  withoutToken(entry: Entry): Promise<void>;
  drop(entry: Entry): Promise<void>;
  pause(): Promise<Pause | null>;
  setPause(pause: Pause | null): Promise<void>;
}

/** An entry with this many server errors in a row goes behind the others. */
const SERVER_ERRORS = 3;

export function waitingIn(store: Store): Waiting {
  /** Changes the entry, unless the patient has changed it since it was read. */
  const change = (entry: Entry, work: (tx: Writing) => Promise<void>): Promise<void> =>
    store.change(async (tx) => {
      const now = await tx.objectStore('outbox').get(entry.key);
      if (now?.token !== entry.token) return { kinds: [], result: undefined };
      await work(tx);
      return { kinds: [entry.kind, 'outbox'], result: undefined };
    });
  const put = async (tx: Writing, entry: Entry): Promise<void> => void (await tx.objectStore('outbox').put(entry));

  return {
    async next(now) {
      const entries = await (await store.read()).getAllFromIndex('outbox', 'by_order');
      return entries.find((entry) => !entry.refused && entry.not_before <= now) ?? null;
    },
    async soonest() {
      const entries = (await (await store.read()).getAll('outbox')).filter((entry) => !entry.refused);
      return entries.length > 0 ? Math.min(...entries.map((entry) => entry.not_before)) : null;
    },
    accepted: (entry, answer) =>
      change(entry, async (tx) => {
        await tx.objectStore('outbox').delete(entry.key);
        const { kind, id } = entry;
        const row = await tx.objectStore('records').get([kind, id]);
        if (!row) return;
        const round = await roundOf(tx);
        const seq = answer.seq ?? row.seq;
        if (entry.method === 'DELETE' && row.gone) await tx.objectStore('records').delete([kind, id]);
        else if (!isRecord(answer.record)) await tx.objectStore('records').put({ ...row, seq: seq ?? 0, round });
        else await takeIn(tx, { kind, id, seq, deleted: false, record: answer.record }, round);
      }),
    refused: (entry, refusal) => change(entry, (tx) => put(tx, { ...entry, refused: refusal })),
    serverError: (entry) =>
      change(entry, async (tx) => {
        const server_errors = entry.server_errors + 1;
        if (server_errors < SERVER_ERRORS) return put(tx, { ...entry, server_errors });
        const last = await tx.objectStore('outbox').index('by_order').openKeyCursor(null, 'prev');
        await put(tx, { ...entry, server_errors: 0, order: (last?.key ?? 0) + 1 });
      }),
    withoutToken: (entry) =>
      change(entry, async (tx) => {
        const { authorization: _, ...rest } = entry;
        await put(tx, rest);
      }),
    drop: (entry) => change(entry, async (tx) => tx.objectStore('outbox').delete(entry.key)),
    pause: async () => (await store.meta<Pause>('pause')) ?? null,
    setPause: (pause) => store.setMeta('pause', pause),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** After an app update, what an older version was refused for is tried once more. */
export function forgetOldRefusals(store: Store, appVersion: string): Promise<void> {
  return store.change(async (tx) => {
    const outbox = tx.objectStore('outbox');
    const old = (await outbox.getAll()).filter(({ refused }) => refused && refused.app_version !== appVersion);
    for (const entry of old) await outbox.put({ ...entry, refused: null });
    return { kinds: old.flatMap(({ kind }) => [kind, 'outbox']), result: undefined };
  });
}
