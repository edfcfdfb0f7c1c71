/** Records that a screen shows and that follow every change of the store. Call these while a component starts. */
import { getContext, setContext } from 'svelte';
import type { Kind, Records } from './records';
import type { Store, Stored } from './store';

const STORE = Symbol('store');

export interface Live<T> {
  readonly value: T;
  /** False until the first read is done. */
  readonly ready: boolean;
}

export interface Range {
  from?: string;
  to?: string;
}

export function provideStore(store: Store): void {
  setContext(STORE, store);
}

/** `range` may be a function of runes: the list is read again when they change. */
export function liveList<K extends Kind>(kind: K, range: Range | (() => Range) = {}): Live<Stored<Records[K]>[]> {
  return follow([kind], [], (store) => store.list(kind, typeof range === 'function' ? range() : range));
}

/** The newest first, `most` at most; the list is read again when that changes. */
export function liveNewest<K extends Kind>(kind: K, most: () => number): Live<Stored<Records[K]>[]> {
  return follow([kind], [], (store) => store.newest(kind, most()));
}

export function liveGet<K extends Kind>(kind: K, id: string | (() => string)): Live<Stored<Records[K]> | undefined> {
  return follow([kind], undefined, (store) => store.get(kind, typeof id === 'function' ? id() : id));
}

/** What `read` makes of records of these kinds; it reads its runes before it first waits. */
export function liveRead<T>(kinds: Kind[], empty: T, read: (store: Store) => Promise<T>): Live<T> {
  return follow(kinds, empty, read);
}

/** How many of the patient's changes are still to be sent, refused ones included. */
export function liveWaitingCount(): Live<number> {
  return follow(['outbox'], 0, (store) => store.waitingCount());
}

function follow<T>(kinds: (Kind | 'outbox')[], empty: T, read: (store: Store) => Promise<T>): Live<T> {
  const store = getContext<Store>(STORE);
  let value = $state.raw(empty);
  let ready = $state(false);
  $effect(() => {
    let latest = 0;
    let stopped = false;
    const refresh = async (): Promise<void> => {
      const mine = ++latest;
      const answer = await read(store);
      if (stopped || mine !== latest) return;
      value = answer;
      ready = true;
    };
    void refresh();
    const stop = store.watch(kinds, () => void refresh());
    return () => {
      stopped = true;
      stop();
    };
  });
  return {
    get value() {
      return value;
    },
    get ready() {
      return ready;
    },
  };
}
