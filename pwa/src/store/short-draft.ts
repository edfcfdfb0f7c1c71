/** Answers of a screen that was left in the middle: offered again for 30 minutes of the same day, never taken as given. */
import type { Store } from './store';

const SHORT_MS = 30 * 60_000;

interface Kept<T> {
  value: T;
  on: string;
  at: number;
}

export async function keepShort<T>(store: Store, name: string, value: T, on: string, at: Date): Promise<void> {
  await store.saveDraft(name, { value, on, at: at.getTime() } satisfies Kept<T>);
}

export async function shortDraft<T>(store: Store, name: string, today: string, now: Date): Promise<T | null> {
  const kept = await store.draft<Kept<T>>(name);
  if (!kept) return null;
  const since = now.getTime() - kept.at;
  return kept.on === today && since >= 0 && since <= SHORT_MS ? kept.value : null;
}
