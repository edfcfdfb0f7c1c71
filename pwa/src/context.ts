/** What every screen below `App.svelte` can reach. */
import { getContext, setContext } from 'svelte';
import { provideStore } from './store/live.svelte';
import type { Records, Store, Stored } from './store/store';
import type { Sync } from './sync/sync';

const APP = Symbol('app');

export interface App {
  readonly store: Store;
  readonly sync: Sync;
  /** The patient's own row, following its changes; null until it has been read. */
  me(): Stored<Records['me']> | null;
}

/** Called once by `App.svelte`, where a patient is known. */
export function provideApp(app: App): void {
  setContext(APP, app);
  provideStore(app.store);
}

export function getApp(): App {
  return getContext<App>(APP);
}
