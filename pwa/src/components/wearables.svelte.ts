/** The ways that steps come by, as last heard and as they are now: looked at again while something is about to change. */
import { onMount } from 'svelte';
import { getApp } from '../context';
import { freshWearables, keptWearables, type Wearable } from '../online/wearables';

const LOOK_EVERY_MS = 4000;
/** Something that a patient waits for is looked at so long; later, opening the screen again does it. */
const LOOK_FOR_MS = 10 * 60_000;

export interface Devices {
  readonly items: Wearable[] | null;
  /** Whether this is what the server says now. */
  readonly fresh: boolean;
  look(): Promise<void>;
}

/** Call while a component is being made. `waiting` tells whether what is shown will change by itself soon. */
export function liveDevices(waiting: (items: Wearable[]) => boolean): Devices {
  const { store, sync } = getApp();
  let items = $state.raw<Wearable[] | null>(null);
  let fresh = $state(false);

  async function look() {
    const found = await freshWearables(store);
    fresh = found !== null;
    if (found === null) return;
    if (JSON.stringify(found) !== JSON.stringify(items)) sync.poke(); // new steps, or a key that was used
    items = found;
  }

  onMount(() => {
    const began = Date.now();
    void keptWearables(store).then((kept) => {
      items ??= kept;
    });
    void look();
    const timer = setInterval(() => {
      const soon = Date.now() - began < LOOK_FOR_MS;
      if (soon && document.visibilityState === 'visible' && items && waiting(items)) void look();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  });

  return {
    get items() {
      return items;
    },
    get fresh() {
      return fresh;
    },
    look,
  };
}
