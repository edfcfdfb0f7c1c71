/** What was tapped on a screen that is left in the middle (a call, a reload), offered again for a while. */
import { untrack } from 'svelte';
import { getApp } from '../context';
import { keepShort, shortDraft } from '../store/short-draft';
import { patientPlace } from './patient';

export interface OfferedAgain {
  /** False until what was kept is back on the screen. */
  readonly ready: boolean;
  /** It was told or saved. */
  forget: () => Promise<void>;
}

/** Call it while a component starts. `read` gives what to keep, null for nothing; `write` puts it back. */
export function offeredAgain<T>(name: string, read: () => T | null, write: (kept: T) => void): OfferedAgain {
  const { store } = getApp();
  const place = patientPlace();
  let ready = $state(false);

  const forget = () => store.dropDraft(name);
  const today = () => place.day(new Date());

  void shortDraft<T>(store, name, today(), new Date())
    .catch(() => null)
    .then((kept) => {
      if (kept) write(kept);
      ready = true;
    });

  $effect(() => {
    if (!ready) return;
    const value = read();
    // A full phone keeps nothing here; the screen says so when it is told or saved.
    untrack(() => void (value ? keepShort(store, name, value, today(), new Date()) : forget()).catch(() => undefined));
  });

  return {
    get ready() {
      return ready;
    },
    forget,
  };
}
