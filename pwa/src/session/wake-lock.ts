/** Keeps the screen awake. The browser takes the lock back whenever the page is hidden, so it is asked for again. */

interface Sentinel {
  release(): Promise<unknown>;
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

/** Takes the lock and keeps it until the answer is called. A phone without wake lock simply sleeps. */
export function stayAwake(page: Wakeful = browser): () => void {
  let wanted = true;
  let held: Sentinel | null = null;

  async function take(): Promise<void> {
    if (!wanted || !page.visible()) return;
    try {
      const taken = await page.request();
      await held?.release();
      if (wanted) held = taken;
      else await taken.release();
    } catch {
      // Refused (battery saver) or unknown here.
    }
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
