/** What the worker sends of its own: receipts, answers to occurrences and a changed subscription. */
import { ApiError, type exchange, problemOf } from '../api/client';
import type { Message } from '../push/payload';
import { channelName, type Database, hasDatabase, type NewEntry, openDatabase, queueEntry } from '../store/database';
import * as moments from '../store/moments';
import { judge, type Reply } from '../sync/outbox';

export type ReceiptEvent = 'received' | 'shown' | 'tapped' | 'dismissed';

export interface Answer {
  state: 'done' | 'snoozed';
  until: string | null;
  at: string;
}

export interface Means {
  exchange: typeof exchange;
  now: () => number;
}

/** Does the store on this phone already know it as done? */
export async function isDone({ store, occurrenceId }: Message): Promise<boolean> {
  return occurrenceId !== null && (await look(store, false, (db) => moments.isDone(db, occurrenceId)));
}

/** How many reminders the store of a message has waiting; null where there is none. */
export async function countOpen({ store }: Message, now: number): Promise<number | null> {
  return look(store, null, (db) => moments.countOpen(db, store ?? '', now));
}

/** Reads from a store that is on this phone. */
async function look<T>(store: string | null, none: T, read: (db: Database) => Promise<T>): Promise<T> {
  if (!store || !(await hasDatabase(store))) return none;
  const db = await openDatabase(store, () => undefined);
  try {
    return await read(db);
  } finally {
    db.close();
  }
}

export async function sendReceipt(message: Message, event: ReceiptEvent, at: string, means: Means): Promise<void> {
  const { token } = message;
  if (!token) return;
  await sendOrKeep(message.store, means, {
    key: `/push/receipts#${token}.${event}`,
    kind: 'receipt',
    id: `${token}.${event}`,
    method: 'POST',
    path: '/push/receipts',
    body: { token, event, at },
    quiet: true,
  });
}

export async function sendAnswer(message: Message, answer: Answer, means: Means): Promise<void> {
  const { token, store, occurrenceId } = message;
  if (!occurrenceId) return;
  await noteAnswer(store, occurrenceId, answer);
  const path = `/occurrences/${encodeURIComponent(occurrenceId)}`;
  await sendOrKeep(store, means, {
    key: path,
    kind: 'occurrence',
    id: occurrenceId,
    method: 'PUT',
    path,
    body: answer,
    ...(token ? { authorization: `Message ${token}` } : {}),
  });
}

export async function sendSubscription(store: string | null, body: unknown, means: Means): Promise<void> {
  const path = '/push/subscriptions';
  await sendOrKeep(store, means, {
    key: path,
    kind: 'subscription',
    id: 'own',
    method: 'PUT',
    path,
    body,
    quiet: true,
  });
}

/** Sends at once. What could not be sent waits in the outbox of that store, if it is on this phone. */
async function sendOrKeep(store: string | null, { exchange: over, now }: Means, entry: NewEntry): Promise<void> {
  const { method, path, body, authorization } = entry;
  const reply = await over({ method, path, body, authorization, keepalive: true }).then(
    (answer): Reply => {
      const problem = problemOf(answer);
      const { code = '', detail = '', retryAfter = null } = problem ?? {};
      return { status: answer.status, ours: answer.ours, code, detail, retryAfter, record: answer.body, seq: null };
    },
    (error: unknown) => {
      if (error instanceof ApiError) return 'no_network' as const;
      throw error;
    },
  );
  const verdict = judge(method, reply);
  if (verdict === 'accepted') return;
  if (verdict === 'refused') {
    if (!entry.quiet) await readAgain(store, entry);
    return;
  }
  if (entry.quiet && verdict === 'sign_in') return;
  if (!store || !(await hasDatabase(store))) return;
  const { authorization: _, ...withoutToken } = entry;
  await inStore(store, async (tx) => {
    await queueEntry(tx, now(), verdict === 'sign_in' ? withoutToken : entry);
    return [entry.kind, 'outbox'];
  });
}

/** The server would not take it: the app is not to show what the patient tapped, but what the server has. */
async function readAgain(store: string | null, { kind, id }: NewEntry): Promise<void> {
  if (!store || !(await hasDatabase(store))) return;
  await inStore(store, async (tx) => {
    await tx.objectStore('stale').put({ kind, id });
    return [kind];
  });
}

/** The app shows the answer at once, whether or not the server has it. */
async function noteAnswer(store: string | null, id: string, { at, ...answer }: Answer): Promise<void> {
  if (!store || !(await hasDatabase(store))) return;
  await inStore(store, async (tx) => {
    const records = tx.objectStore('records');
    const row = await records.get(['occurrence', id]);
    if (row) await records.put({ ...row, record: { ...(row.record as object), ...answer, answered_at: at } });
    return ['occurrence'];
  });
}

async function inStore(
  store: string,
  work: (tx: Parameters<typeof queueEntry>[0]) => Promise<string[]>,
): Promise<void> {
  const db = await openDatabase(store, () => undefined);
  try {
    const tx = db.transaction(['records', 'outbox', 'stale', 'drafts', 'meta'], 'readwrite');
    const kinds = await work(tx);
    await tx.done;
    const channel = new BroadcastChannel(channelName(store));
    channel.postMessage({ kinds });
    channel.close();
  } finally {
    db.close();
  }
}
