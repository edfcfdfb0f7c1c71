/** One open database that closes for another tab's upgrade, opens again when needed, and says when storage is full. */
import { type Database, openDatabase, type Writing } from './database';

/** The phone has no room left. `code` is what a screen looks at; nothing was written. */
export class StorageFull extends Error {
  readonly code = 'storage_full';
  constructor() {
    super('The phone has no room left, so this was not saved.');
  }
}

/** The records on this phone were made by a newer version of the app, open in another tab. */
export class AppTooOld extends Error {
  readonly code = 'app_too_old';
  constructor() {
    super('Another tab runs a newer Footwell. Please reload this one.');
  }
}

const ALL = ['records', 'outbox', 'stale', 'drafts', 'meta'] as const;

export class Connection {
  #opening: Promise<Database> | null = null;
  #closed = false;

  /** Since the page was left, until it is shown again. */
  #away: Promise<void> | null = null;

  /**
   * A page that WebKit keeps, for going back to, holds up every read of the next one while it has a database open. So
   * what is asked for after the page was left waits until it is back.
   */
  readonly #left = () => {
    this.#away ??= new Promise<void>((resolve) => {
      globalThis.addEventListener('pageshow', () => resolve(), { once: true });
    }).then(() => {
      this.#away = null;
    });
    void this.#shut().catch(() => undefined);
  };

  constructor(readonly patientId: string) {
    globalThis.addEventListener?.('pagehide', this.#left);
  }

  open(): Promise<Database> {
    // Once closed for good it stays closed: opening again would make an empty store after a sign-out.
    if (this.#closed) return Promise.reject(new Error('this store is closed'));
    if (this.#away) return this.#away.then(() => this.open());
    this.#opening ??= openDatabase(this.patientId, () => {
      this.#opening = null;
    }).catch((error: unknown) => {
      this.#opening = null;
      throw isNamed(error, 'VersionError') ? new AppTooOld() : error;
    });
    return this.#opening;
  }

  /** Runs `change` in one transaction over all tables: all of it is kept, or nothing. */
  async write<T>(change: (tx: Writing) => Promise<T>): Promise<T> {
    const tx = (await this.open()).transaction([...ALL], 'readwrite');
    try {
      const result = await change(tx);
      await tx.done;
      return result;
    } catch (error) {
      abort(tx);
      await tx.done.catch(() => undefined);
      const cause = tx.error ?? error;
      throw isNamed(cause, 'QuotaExceededError') || isNamed(error, 'QuotaExceededError') ? new StorageFull() : error;
    }
  }

  get closed(): boolean {
    return this.#closed;
  }

  async close(): Promise<void> {
    this.#closed = true;
    globalThis.removeEventListener?.('pagehide', this.#left);
    await this.#shut();
  }

  async #shut(): Promise<void> {
    const opening = this.#opening;
    this.#opening = null;
    (await opening)?.close();
  }
}

function abort(tx: Writing): void {
  try {
    tx.abort();
  } catch {
    // It has already ended by itself.
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
