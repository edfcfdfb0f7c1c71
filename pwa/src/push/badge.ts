/** The number on the app's icon: how many reminders wait now. Where a browser has none, nothing happens. */
import { countOpen } from '../store/moments';
import type { Store } from '../store/store';

interface Badged {
  setAppBadge(count: number): Promise<void>;
  clearAppBadge(): Promise<void>;
}

const LOOK_EVERY_MS = 60_000;

export async function showBadge(count: number, on: object = navigator): Promise<void> {
  if (!hasBadge(on)) return;
  await (count > 0 ? on.setAppBadge(count) : on.clearAppBadge()).catch(() => undefined);
}

/** While the app is open. Returns what to call when this patient goes: the number goes too. */
export function followBadge(store: Store): () => void {
  if (!hasBadge(navigator)) return () => undefined;
  const count = async () => countOpen(await store.connection.open(), store.patientId, Date.now());
  const look = () => void count().then(showBadge, () => undefined);
  look();
  const stop = store.watch(['me', 'occurrence', 'outbox'], look);
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    stop();
    clearInterval(timer);
    void showBadge(0);
  };
}

const hasBadge = (on: object): on is Badged => 'setAppBadge' in on && 'clearAppBadge' in on;
