/** When to send what waits and to fetch what changed: after a save, at start, and when online or visible again. */
import { ApiError, exchange } from '../api/client';
import type { Store } from '../store/store';
import { forgetOldRefusals, waitingIn } from '../store/waiting';
import { alone } from './alone';
import { fetchChanges, fetchStale } from './fetch';
import { FIRST_DELAY_MS, LONGEST_DELAY_MS, sendWaiting } from './outbox';
import { sendEntry } from './send-entry';

export type SyncState = 'idle' | 'sending' | 'offline' | 'sign_in_needed';

export interface Sync {
  readonly state: SyncState;
  /** When everything was last sent and fetched; null when that was never. */
  readonly lastSyncedAt: string | null;
  /** Send and fetch now. */
  poke(): void;
  stop(): void;
  subscribe(changed: () => void): () => void;
}

/** What a test puts in the place of the real network, clock and page. */
export interface Surroundings {
  now: () => number;
  exchange: typeof exchange;
  /** Calls back when the phone is online or the app is visible again. */
  onReturn: (back: () => void) => () => void;
  visible: () => boolean;
}

interface Result {
  state: SyncState;
  nextAt: number | null;
}

const LOOK_AGAIN_MS = 60_000;

export function startSync(store: Store, around: Surroundings = browser()): Sync {
  const waiting = waitingIn(store);
  const listeners = new Set<() => void>();
  let state: SyncState = 'idle';
  let lastSyncedAt: string | null = null;
  let running = false;
  let poked = false;
  let stopped = false;
  let fetchDelay = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (next: SyncState): void => {
    if (next === state) return;
    state = next;
    for (const changed of listeners) changed();
  };

  const once = async (): Promise<Result> => {
    if (await waiting.next(around.now())) set('sending');
    const outcome = await sendWaiting({
      waiting,
      send: (entry) => sendEntry(entry, around.exchange),
      now: around.now,
      appVersion: __APP_VERSION__,
    });
    if (outcome.state === 'sign_in_needed') return { state: 'sign_in_needed', nextAt: null };
    if (outcome.state === 'later') return { state: outcome.offline ? 'offline' : 'idle', nextAt: outcome.nextAt };
    try {
      await fetchStale(store, around.exchange);
      await fetchChanges(store, around.exchange);
    } catch (error) {
      if (error instanceof ApiError) return later(error);
      throw error;
    }
    fetchDelay = 0;
    lastSyncedAt = new Date(around.now()).toISOString();
    await store.setMeta('last_synced_at', lastSyncedAt);
    return { state: 'idle', nextAt: await waiting.soonest() };
  };

  const later = (error: ApiError): Result => {
    const away = error.code === 'offline' || error.code === 'not_footwell';
    if (error.status === 401 && !away) return { state: 'sign_in_needed', nextAt: null };
    fetchDelay = Math.min(Math.max(fetchDelay * 2, FIRST_DELAY_MS), LONGEST_DELAY_MS);
    return { state: away ? 'offline' : 'idle', nextAt: around.now() + (error.retryAfter ?? fetchDelay) };
  };

  const run = async (): Promise<void> => {
    poked = running;
    if (running || stopped) return;
    running = true;
    clearTimeout(timer);
    let result: Result = { state: 'offline', nextAt: around.now() + FIRST_DELAY_MS };
    try {
      do {
        poked = false;
        result = await alone(store, around.now, once);
      } while (!stopped && result.state === 'idle' && (poked || (await sendable())));
    } catch (error) {
      complain(error);
    }
    running = false;
    if (stopped) return;
    set(result.state);
    if (result.state !== 'sign_in_needed') schedule(result);
  };

  const sendable = async (): Promise<boolean> => {
    const pause = await waiting.pause();
    return (!pause || pause.until <= around.now()) && (await waiting.next(around.now())) !== null;
  };

  const schedule = ({ state, nextAt }: Result): void => {
    const look = around.visible() && state === 'idle' ? around.now() + LOOK_AGAIN_MS : Number.POSITIVE_INFINITY;
    const at = Math.min(nextAt ?? Number.POSITIVE_INFINITY, look);
    clearTimeout(timer);
    if (at < Number.POSITIVE_INFINITY)
      timer = setTimeout(() => void run(), Math.min(Math.max(0, at - around.now()), LONGEST_DELAY_MS));
  };

  /** An event that may have brought the network back cuts a wait short, unless the server asked for the wait. */
  const hurry = async (): Promise<void> => {
    const pause = await waiting.pause();
    if (pause && !pause.firm) await waiting.setPause({ ...pause, until: 0 });
    await run();
  };

  /** A new entry is sent at once; a removal waits until it can no longer be undone. */
  const noticed = async (): Promise<void> => {
    if (running || stopped) return;
    if (await waiting.next(around.now())) await hurry();
    else if (state === 'idle') schedule({ state, nextAt: await waiting.soonest() });
  };

  const begin = async (): Promise<void> => {
    lastSyncedAt ??= (await store.meta<string>('last_synced_at')) ?? null;
    await forgetOldRefusals(store, __APP_VERSION__);
    await hurry();
  };

  /** A full or newer database: nothing is lost, and the next event tries again. */
  const complain = (error: unknown): void => {
    if (!stopped) console.warn('Footwell could not sync', error);
  };

  const quietly = (work: () => Promise<void>) => () => void work().catch(complain);
  const stopReturn = around.onReturn(quietly(hurry));
  const stopWatch = store.watch(['outbox'], quietly(noticed));
  quietly(begin)();

  return {
    get state() {
      return state;
    },
    get lastSyncedAt() {
      return lastSyncedAt;
    },
    poke: quietly(hurry),
    stop() {
      stopped = true;
      clearTimeout(timer);
      stopReturn();
      stopWatch();
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

function browser(): Surroundings {
  return {
    now: Date.now,
    exchange,
    onReturn(back) {
      const whenVisible = (): void => {
        if (document.visibilityState === 'visible') back();
      };
      addEventListener('online', back);
      document.addEventListener('visibilitychange', whenVisible);
      return () => {
        removeEventListener('online', back);
        document.removeEventListener('visibilitychange', whenVisible);
      };
    },
    visible: () => document.visibilityState === 'visible',
  };
}
