/** Steps inside a transaction that the store and the sender share. */
import type { Entry, Row, Writing } from './database';
import { noteDone } from './done';
import { dayOf, type Kind, pathOf, type Records } from './records';
import type { Stored } from './store';

export function keyOf(kind: Kind, id: string): { key: string; path: string; kind: string; id: string } {
  const path = pathOf(kind, id);
  if (!path) throw new Error(`${kind} is not sent`);
  return { key: path, path, kind, id };
}

export function stored<T>(row: Row, entry: Entry | undefined): Stored<T> {
  const refused = entry?.refused ? { code: entry.refused.code, detail: entry.refused.detail } : null;
  return { id: row.id, record: row.record as T, waiting: entry !== undefined && !refused, refused };
}

/** Writes a record as the patient left it; the server's number of it stays until the server answers. */
export async function putRow<K extends Kind>(tx: Writing, kind: K, id: string, record: Records[K]): Promise<void> {
  const rows = tx.objectStore('records');
  const row = await rows.get([kind, id]);
  const { seq, round } = row ?? { seq: null, round: 0 };
  await rows.put({ kind, id, day: dayOf(id, record), record, seq, gone: false, round });
}

/** Takes an entry out unsent, or puts the one it had replaced back, and has its record read again. */
export async function takeBack(tx: Writing, entry: Entry, before: Entry | undefined): Promise<void> {
  if (before) await tx.objectStore('outbox').put(before);
  else await tx.objectStore('outbox').delete(entry.key);
  await tx.objectStore('stale').put({ kind: entry.kind, id: entry.id });
}

/** The number of the complete fetch that is under way, or was the last. */
export async function roundOf(tx: Writing): Promise<number> {
  return Number((await tx.objectStore('meta').get('round')) ?? 0);
}

export interface ServerVersion {
  kind: string;
  id: string;
  seq: number | null;
  deleted: boolean;
  record: unknown;
}

/**
 * Writes what the server has, unless a change of ours is still unsent or we already know a later version. A kind this
 * app does not know is kept as it came, for the version of the app that does.
 */
export async function takeIn(tx: Writing, version: ServerVersion, round: number): Promise<boolean> {
  const { kind, id, seq, deleted, record } = version;
  const rows = tx.objectStore('records');
  const row = await rows.get([kind, id]);
  const path = pathOf(kind, id);
  if (path && (await tx.objectStore('outbox').getKey(path)) !== undefined) {
    if (row && row.round !== round) await rows.put({ ...row, round });
    return false;
  }
  if (row?.seq && seq !== null && row.seq > seq && row.round === round) return false;
  if (deleted) {
    if (row) await noteDone(tx, row);
    await rows.delete([kind, id]);
  } else await rows.put({ kind, id, day: dayOf(id, record), record, seq: seq ?? row?.seq ?? 0, gone: false, round });
  return true;
}
