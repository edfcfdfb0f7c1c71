/**
 * Keeps the screen awake. The browser takes the lock back whenever the page is hidden, and at times while it is seen
 * (a low battery), so it is asked for again.
 */

interface Sentinel {
  release(): Promise<unknown>;
  addEventListener(type: 'release', lost: () => void, options: { once: true }): void;
}

export interface Wakeful {
  visible(): boolean;
  request(): Promise<Sentinel>;
  /** Calls `changed` when the page is shown or hidden. Returns the way to stop. */
  watch(changed: () => void): () => void;
}

const browser: Wakeful = {
  visible: () => document.visibilityState === 'visible',
  request: () => navigator.wakeLock.request('screen'),
  watch(changed) {
    document.addEventListener('visibilitychange', changed);
    return () => document.removeEventListener('visibilitychange', changed);
  },
};

/** A browser that takes the lock back as soon as it gave it is not asked again at once. */
const AGAIN_MS = 1000;

/** Takes the lock and keeps it until the answer is called. A phone without wake lock simply sleeps. */
export function stayAwake(page: Wakeful = browser): () => void {
  let wanted = true;
  let held: Sentinel | null = null;

  async function take(): Promise<void> {
    if (!wanted || !page.visible()) return;
    try {
      const taken = await page.request();
      const before = held;
      held = wanted ? taken : null;
      await before?.release();
      if (wanted) taken.addEventListener('release', () => lost(taken), { once: true });
      else await taken.release();
    } catch {
      // Refused (battery saver) or unknown here.
    }
  }

  /** One that another took the place of was let go by us. */
  function lost(taken: Sentinel): void {
    if (held !== taken) return;
    held = null;
    setTimeout(() => void take(), AGAIN_MS);
  }

  const unwatch = page.watch(() => void take());
  void take();
  return () => {
    wanted = false;
    unwatch();
    void held?.release().catch(() => undefined);
    held = null;
  };
}
