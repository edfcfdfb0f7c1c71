/** The records of one patient on this phone. Saving writes the record and its outbox entry together, then returns. */
import { Connection } from './connection';
import { channelName, type Database, deleteDatabase, type Entry, queueEntry, type Row, type Writing } from './database';
import { noteDone } from './done';
import { afterRemoval, bodyOf, type Kind, ME_PATH, pathOf, type Records, type SavedKind } from './records';
import { keyOf, putRow, roundOf, stored, takeBack, takeIn } from './rows';

export { AppTooOld, StorageFull } from './connection';
export { currentPatientId, setCurrentPatientId } from './database';
export type { Kind, Records, SavedKind } from './records';
export { withHandEntry } from './step-day';

export interface Stored<T> {
  id: string;
  record: T;
  /** Not yet with the server, and nothing wrong with it. */
  waiting: boolean;
  /** The server would not take it. The patient may edit it or let it go. */
  refused: { code: string; detail: string } | null;
}

export interface OccurrenceAnswer {
  state: 'done' | 'snoozed' | 'skipped';
  until?: string;
  at: string;
}

export interface RefusedEntry {
  key: string;
  kind: string;
  id: string;
  method: Entry['method'];
  refused: { code: string; detail: string };
}

export const UNDO_MS = 10_000;

export class Store {
  readonly connection: Connection;
  readonly #channel: BroadcastChannel;
  readonly #watchers = new Set<{ kinds: ReadonlySet<string>; changed: () => void }>();
  readonly #now: () => number;

  constructor(
    readonly patientId: string,
    now: () => number = Date.now,
  ) {
    this.#now = now;
    this.connection = new Connection(patientId);
    this.#channel = new BroadcastChannel(channelName(patientId));
    this.#channel.onmessage = ({ data }) => this.#tell(data.kinds);
  }

  async get<K extends Kind>(kind: K, id: string): Promise<Stored<Records[K]> | undefined> {
    const tx = (await this.connection.open()).transaction(['records', 'outbox']);
    const row = await tx.objectStore('records').get([kind, id]);
    if (!row || row.gone) return undefined;
    const path = pathOf(kind, id);
    return stored(row, path ? await tx.objectStore('outbox').get(path) : undefined);
  }

  /** Oldest first, by day (`on`), or by id where a record has no day. `from` and `to` are included. */
  async list<K extends Kind>(kind: K, range: { from?: string; to?: string } = {}): Promise<Stored<Records[K]>[]> {
    const days = IDBKeyRange.bound([kind, range.from ?? ''], [kind, `${range.to ?? ''}\uffff`]);
    const tx = (await this.connection.open()).transaction(['records', 'outbox']);
    const [rows, entries] = await Promise.all([
      tx.objectStore('records').index('by_day').getAll(days),
      tx.objectStore('outbox').getAll(),
    ]);
    const unsent = new Map(entries.map((entry) => [entry.key, entry]));
    return rows.filter((row) => !row.gone).map((row) => stored(row, unsent.get(pathOf(kind, row.id) ?? '')));
  }

  /** The newest day first, `most` records at most: of ten thousand only those are read. */
  async newest<K extends Kind>(kind: K, most: number): Promise<Stored<Records[K]>[]> {
    return this.#some(kind, 'prev', most);
  }

  /** The record of the first day. */
  async oldest<K extends Kind>(kind: K): Promise<Stored<Records[K]> | undefined> {
    return (await this.#some(kind, 'next', 1))[0];
  }

  async #some<K extends Kind>(kind: K, way: 'next' | 'prev', most: number): Promise<Stored<Records[K]>[]> {
    const tx = (await this.connection.open()).transaction(['records', 'outbox']);
    const mine = IDBKeyRange.bound([kind, ''], [kind, '\uffff']);
    const found: Stored<Records[K]>[] = [];
    let cursor = await tx.objectStore('records').index('by_day').openCursor(mine, way);
    while (cursor && found.length < most) {
      const row = cursor.value;
      const path = pathOf(kind, row.id);
      if (!row.gone) found.push(stored(row, path ? await tx.objectStore('outbox').get(path) : undefined));
      cursor = await cursor.continue();
    }
    return found;
  }

  async save<K extends SavedKind>(kind: K, id: string, record: Records[K]): Promise<void> {
    await this.#write([kind], async (tx) => {
      await putRow(tx, kind, id, record);
      await queueEntry(tx, this.#now(), { ...keyOf(kind, id), method: 'PUT', body: bodyOf(kind, record) });
    });
  }

  /** Takes the record away at once and tells the server in ten seconds. The answer is what undoes it, then or later. */
  async remove<K extends SavedKind>(kind: K, id: string): Promise<() => Promise<void>> {
    return this.#write([kind], async (tx) => {
      const place = keyOf(kind, id);
      const row = await tx.objectStore('records').get([kind, id]);
      const unsent = await tx.objectStore('outbox').get(place.key);
      if (!row || row.gone) return async () => undefined;
      await noteDone(tx, row);
      const me = (await tx.objectStore('records').get(['me', this.patientId]))?.record as Records['me'] | undefined;
      const rest = afterRemoval(kind, row.record as Records[K], me);
      await tx.objectStore('records').put(rest ? { ...row, record: rest } : { ...row, gone: true });
      const change = { ...place, method: 'DELETE' as const, body: null, not_before: this.#now() + UNDO_MS };
      const deletion = await queueEntry(tx, this.#now(), change);
      return () => this.#undo(deletion, row, unsent);
    });
  }

  async #undo(deletion: Entry, row: Row, unsent: Entry | undefined): Promise<void> {
    const kind = row.kind as SavedKind;
    await this.#write([kind], async (tx) => {
      const now = await tx.objectStore('outbox').get(deletion.key);
      if (now && now.token !== deletion.token) return;
      if (now && this.#now() < now.not_before) {
        await tx.objectStore('records').put(row);
        await takeBack(tx, deletion, unsent);
        return;
      }
      const record = row.record as Records[typeof kind];
      await putRow(tx, kind, row.id, record);
      await queueEntry(tx, this.#now(), { ...keyOf(kind, row.id), method: 'PUT', body: bodyOf(kind, record) });
    });
  }

  /** Changes the patient's own settings or profile. Changes that still wait are joined into one. */
  async patchMe(values: Partial<Records['me']>): Promise<void> {
    await this.#write(['me'], async (tx) => {
      const row = await tx.objectStore('records').get(['me', this.patientId]);
      if (row) await tx.objectStore('records').put({ ...row, record: { ...(row.record as object), ...values } });
      const unsent = await tx.objectStore('outbox').get(ME_PATH);
      const body = { ...(unsent?.body as object | undefined), ...values };
      await queueEntry(tx, this.#now(), { ...keyOf('me', this.patientId), method: 'PATCH', body });
    });
  }

  async answerOccurrence(id: string, answer: OccurrenceAnswer): Promise<void> {
    await this.#write(['occurrence'], async (tx) => {
      const row = await tx.objectStore('records').get(['occurrence', id]);
      const seen = { state: answer.state, until: answer.until ?? null, answered_at: answer.at };
      if (row) await tx.objectStore('records').put({ ...row, record: { ...(row.record as object), ...seen } });
      await queueEntry(tx, this.#now(), { ...keyOf('occurrence', id), method: 'PUT', body: answer });
    });
  }

  /** Keeps what the server has just answered to an online ask (signing in, say), with nothing to send. */
  async keep<K extends Kind>(kind: K, id: string, record: Records[K] | null): Promise<void> {
    const version = { kind, id, seq: null, deleted: record === null, record };
    await this.#write([kind], async (tx) => takeIn(tx, version, await roundOf(tx)));
  }

  async draft<T>(name: string): Promise<T | undefined> {
    return (await (await this.connection.open()).get('drafts', name)) as T | undefined;
  }

  async saveDraft(name: string, value: unknown): Promise<void> {
    await this.connection.write((tx) => tx.objectStore('drafts').put(value, name));
  }

  async dropDraft(name: string): Promise<void> {
    await this.connection.write((tx) => tx.objectStore('drafts').delete(name));
  }

  async meta<T>(name: string): Promise<T | undefined> {
    return (await (await this.connection.open()).get('meta', name)) as T | undefined;
  }

  async setMeta(name: string, value: unknown): Promise<void> {
    await this.connection.write((tx) => tx.objectStore('meta').put(value, name));
  }

  /** Calls `changed` after a record of these kinds (`outbox`: anything waiting) changed, here, in another tab or in the service worker. */
  watch(kinds: readonly (Kind | 'outbox')[], changed: () => void): () => void {
    const watcher = { kinds: new Set<string>(kinds), changed };
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** How many of the patient's own changes the server does not have, refused ones included. */
  async waitingCount(): Promise<number> {
    return (await this.#entries()).length;
  }

  async refusedEntries(): Promise<RefusedEntry[]> {
    return (await this.#entries()).flatMap(({ key, kind, id, method, refused }) =>
      refused ? [{ key, kind, id, method, refused: { code: refused.code, detail: refused.detail } }] : [],
    );
  }

  /** Lets a change go unsent. What the server has is read again. */
  async dropEntry(key: string): Promise<void> {
    const entry = await (await this.connection.open()).get('outbox', key);
    if (!entry) return;
    await this.#write([entry.kind], async (tx) => {
      const row = await tx.objectStore('records').get([entry.kind, entry.id]);
      if (row?.seq === null) await tx.objectStore('records').delete([entry.kind, entry.id]);
      else if (row) await tx.objectStore('records').put({ ...row, gone: false });
      await takeBack(tx, entry, undefined);
    });
  }

  /** For `sync`: one transaction over everything, then the word to whoever watches these kinds. */
  async change<T>(work: (tx: Writing) => Promise<{ kinds: Iterable<string>; result: T }>): Promise<T> {
    const { kinds, result } = await this.connection.write(work);
    this.announce(kinds);
    return result;
  }

  /** For `sync`: the open database, to read from. */
  read(): Promise<Database> {
    return this.connection.open();
  }

  announce(kinds: Iterable<string>): void {
    const list = [...new Set(kinds)];
    if (list.length === 0 || this.connection.closed) return;
    this.#tell(list);
    this.#channel.postMessage({ kinds: list });
  }

  async close(): Promise<void> {
    this.#watchers.clear();
    this.#channel.close();
    await this.connection.close();
  }

  async #entries(): Promise<Entry[]> {
    const entries = await (await this.connection.open()).getAllFromIndex('outbox', 'by_order');
    return entries.filter((entry) => !entry.quiet);
  }

  async #write<T>(kinds: string[], change: (tx: Writing) => Promise<T>): Promise<T> {
    const result = await this.connection.write(change);
    this.announce([...kinds, 'outbox']);
    return result;
  }

  #tell(kinds: string[]): void {
    for (const watcher of this.#watchers) if (kinds.some((kind) => watcher.kinds.has(kind))) watcher.changed();
  }
}

export async function openStore(patientId: string): Promise<Store> {
  const store = new Store(patientId);
  await store.connection.open();
  return store;
}

/** Deletes a patient's records from this phone, the unsent ones too: ask first. */
export function deleteStore(patientId: string): Promise<void> {
  return deleteDatabase(patientId);
}
