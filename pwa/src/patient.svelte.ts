/** Who is using the app on this phone: opens that patient's store, and changes it at sign-in and sign-out. */
import type { Me } from './api/types';
import { ApiError, signOut } from './online/account';
import { forgetSubscription, reconcilePush, unsubscribe } from './push/subscription';
import {
  AppTooOld,
  currentPatientId,
  deleteStore,
  openStore,
  type Records,
  type Store,
  type Stored,
  setCurrentPatientId,
} from './store/store';
import { type Sync, startSync } from './sync/sync';

export interface Patient {
  readonly store: Store;
  readonly sync: Sync;
  /** Follows the patient's own row; null until it has been read. */
  readonly me: Stored<Records['me']> | null;
}

/** `old`: a newer app has been here; `closed`: this phone does not let us open what is kept on it. */
type Status = 'starting' | 'nobody' | 'ready' | 'old' | 'closed';

class Open implements Patient {
  me = $state.raw<Stored<Records['me']> | null>(null);

  constructor(
    readonly store: Store,
    readonly sync: Sync,
  ) {
    store.watch(['me', 'outbox'], () => void this.read());
  }

  async read(): Promise<void> {
    this.me = (await this.store.get('me', this.store.patientId)) ?? null;
  }
}

let status = $state<Status>('starting');
let patient = $state.raw<Patient | null>(null);
let stopBadge: () => void = () => undefined;
const tabs = new BroadcastChannel('footwell');

export const phone = {
  get status(): Status {
    return status;
  },
  get patient(): Patient | null {
    return patient;
  },
};

/** Opens the store of whoever used the app last. Signed out or expired makes no difference: their records are here. */
export async function start(): Promise<void> {
  tabs.onmessage = () => void start();
  try {
    await openLast();
  } catch (error) {
    status = error instanceof AppTooOld ? 'old' : 'closed';
  }
}

async function openLast(): Promise<void> {
  const id = await currentPatientId();
  if (patient && patient.store.patientId === id) return;
  await close();
  if (id === null) {
    status = 'nobody';
    return;
  }
  await open(id);
}

/** After sign-up or sign-in. The store of a patient who was here before, unsent records and all, is opened again. */
export async function enter(me: Me): Promise<void> {
  if (patient?.store.patientId !== me.id) {
    await close();
    await setCurrentPatientId(me.id);
    await open(me.id, me);
    tabs.postMessage('patient');
    return;
  }
  await patient.store.keep('me', me.id, me);
  patient.sync.poke();
}

/** Signs out and deletes this phone's copy. The screen asks first when `waitingCount()` is not 0. */
export async function leave(): Promise<void> {
  const leaving = patient;
  if (!leaving) return;
  await forgetSubscription(leaving.store).catch(() => undefined);
  await signOut().catch((error: unknown) => {
    // Signed out already: the cookie has expired.
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  });
  // Last: a sign-out that fails offline must not cost the reminders of somebody who is still signed in.
  await unsubscribe().catch(() => undefined);
  await forget(leaving);
}

/** After the account is gone from the server, or to let another patient in: this phone's copy goes too. */
export async function forget(leaving: Patient): Promise<void> {
  await close();
  await setCurrentPatientId(null);
  tabs.postMessage('patient');
  await deleteStore(leaving.store.patientId);
  status = 'nobody';
}

/** Lets another patient in and keeps this one's records, unsent ones too, until that patient returns. */
export async function stepAside(): Promise<void> {
  await close();
  await setCurrentPatientId(null);
  tabs.postMessage('patient');
  status = 'nobody';
}

async function open(id: string, me?: Me): Promise<void> {
  const store = await openStore(id);
  if (me) await store.keep('me', id, me);
  const stopAsking = store.watch(['outbox'], () => {
    stopAsking();
    void askToKeep(store).catch(() => undefined);
  });
  const opened = new Open(store, startSync(store));
  await opened.read();
  patient = opened;
  status = 'ready';
  if ('setAppBadge' in navigator) void followBadge(store);
  void reconcilePush(store).catch(() => undefined);
}

async function followBadge(store: Store): Promise<void> {
  const badge = await import('./push/badge');
  if (patient?.store === store) stopBadge = badge.followBadge(store);
}

/** Once, after the first save: the browser must not clear this store when room gets short. */
async function askToKeep(store: Store): Promise<void> {
  if (!('storage' in navigator) || (await store.meta('asked_to_keep'))) return;
  await store.setMeta('asked_to_keep', true);
  await navigator.storage.persist();
}

async function close(): Promise<void> {
  const closing = patient;
  patient = null;
  closing?.sync.stop();
  stopBadge();
  await closing?.store.close();
}
