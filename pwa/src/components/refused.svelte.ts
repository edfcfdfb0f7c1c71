/** The changes that the server would not take, as a rune that follows the outbox. */
import { getApp } from '../context';
import type { RefusedEntry } from '../store/store';

/** Call while a component starts. */
export function liveRefused(): { readonly value: readonly RefusedEntry[] } {
  const { store } = getApp();
  let value = $state.raw<RefusedEntry[]>([]);
  $effect(() => {
    const read = () =>
      void store.refusedEntries().then((found) => {
        value = found;
      });
    read();
    return store.watch(['outbox'], read);
  });
  return {
    get value() {
      return value;
    },
  };
}
