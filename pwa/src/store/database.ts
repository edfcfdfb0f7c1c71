/** The databases on the phone: their tables, and the numbered upgrades, which are never edited once released. */
import { type DBSchema, deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';

/** One record as the phone knows it. `gone`: the patient removed it and the server may not know yet. */
export interface Row {
  kind: string;
  id: string;
  day: string;
  record: unknown;
  /** The server's number of this version; null until the server has answered. */
  seq: number | null;
  gone: boolean;
  /** Which complete fetch last saw it, so that a fresh start can drop what the server no longer has. */
  round: number;
}

/** One change waiting to be sent. `key` is its path, so a later edit replaces an unsent one. */
export interface Entry {
  key: string;
  kind: string;
  id: string;
  method: 'PUT' | 'DELETE' | 'PATCH' | 'POST';
  path: string;
  body: unknown;
  /** Made anew by every edit: an entry is deleted only while it is still the one that was sent. */
  token: string;
  order: number;
  made_at: number;
  not_before: number;
  server_errors: number;
  refused: Refusal | null;
  /** Nothing the patient wrote (a receipt, say): never shown, and dropped when refused. */
  quiet: boolean;
  /** Instead of the cookie: a message's own token, for an answer given from a notification. */
  authorization?: string;
}

export interface Refusal {
  code: string;
  detail: string;
  app_version: string;
}

export interface PatientSchema extends DBSchema {
  records: { key: [string, string]; value: Row; indexes: { by_day: [string, string] } };
  outbox: { key: string; value: Entry; indexes: { by_order: number } };
  /** Records to be read again, because a change of ours to them went away unsent. */
  stale: { key: [string, string]; value: { kind: string; id: string } };
  drafts: { key: string; value: unknown };
  meta: { key: string; value: unknown };
}

export type Database = IDBPDatabase<PatientSchema>;

type Upgrade = (db: Database) => void;

const UPGRADES: Upgrade[] = [
  (db) => {
    const records = db.createObjectStore('records', { keyPath: ['kind', 'id'] });
    records.createIndex('by_day', ['kind', 'day']);
    db.createObjectStore('outbox', { keyPath: 'key' }).createIndex('by_order', 'order');
    db.createObjectStore('stale', { keyPath: ['kind', 'id'] });
    db.createObjectStore('drafts');
    db.createObjectStore('meta');
  },
];

interface PhoneSchema extends DBSchema {
  settings: { key: string; value: unknown };
}

export function databaseName(patientId: string): string {
  return `footwell-${patientId}`;
}

/** Opens a patient's database. `closed` is called when another tab needs it closed: to upgrade it, or to delete it. */
export function openDatabase(patientId: string, closed: () => void): Promise<Database> {
  return openDB<PatientSchema>(databaseName(patientId), UPGRADES.length, {
    upgrade(db, oldVersion) {
      for (const upgrade of UPGRADES.slice(oldVersion)) upgrade(db);
    },
    blocking(_current, _wanted, event) {
      (event.target as IDBDatabase).close();
      closed();
    },
    terminated: closed,
  });
}

export function deleteDatabase(patientId: string): Promise<void> {
  return deleteDB(databaseName(patientId));
}

/** True when this phone has a store of that patient, so that a look never makes an empty one. */
export async function hasDatabase(patientId: string): Promise<boolean> {
  if (!('databases' in indexedDB)) return (await currentPatientId()) === patientId;
  const all = await indexedDB.databases();
  return all.some(({ name }) => name === databaseName(patientId));
}

async function withPhone<T>(use: (db: IDBPDatabase<PhoneSchema>) => Promise<T>): Promise<T> {
  const db = await openDB<PhoneSchema>('footwell', 1, {
    upgrade: (fresh) => void fresh.createObjectStore('settings'),
  });
  try {
    return await use(db);
  } finally {
    db.close();
  }
}

/** Who used the app last on this phone; null when nobody is signed in. */
export async function currentPatientId(): Promise<string | null> {
  const id = await withPhone((db) => db.get('settings', 'patient_id'));
  return typeof id === 'string' ? id : null;
}

export async function setCurrentPatientId(id: string | null): Promise<void> {
  await withPhone(async (db) => {
    if (id === null) await db.delete('settings', 'patient_id');
    else await db.put('settings', id, 'patient_id');
  });
}

/** A transaction that may write the outbox and the records. */
export type Writing = IDBPTransaction<
  PatientSchema,
  ('records' | 'outbox' | 'stale' | 'drafts' | 'meta')[],
  'readwrite'
>;

export type NewEntry = Pick<Entry, 'key' | 'kind' | 'id' | 'method' | 'path' | 'body'> &
  Partial<Pick<Entry, 'not_before' | 'quiet' | 'authorization'>>;

/** Puts a change into the outbox, in place of an unsent one with the same key. */
export async function queueEntry(tx: Writing, now: number, change: NewEntry): Promise<Entry> {
  const outbox = tx.objectStore('outbox');
  const unsent = await outbox.get(change.key);
  const last = unsent ? null : await outbox.index('by_order').openKeyCursor(null, 'prev');
  const entry: Entry = {
    not_before: 0,
    quiet: false,
    ...change,
    token: newToken(),
    order: unsent?.order ?? (last?.key ?? 0) + 1,
    made_at: now,
    server_errors: 0,
    refused: null,
  };
  await outbox.put(entry);
  return entry;
}

export function newToken(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Every tab and the service worker tell each other on this channel which kinds of record changed. */
export function channelName(patientId: string): string {
  return `footwell-${patientId}`;
}
