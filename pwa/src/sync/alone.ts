/** One sender at a time, across tabs and the service worker: a Web Lock, or a lease in the store where there is none. */
import { newToken } from '../store/database';
import type { Store } from '../store/store';

const LEASE_MS = 60_000;
const LOOK_MS = 500;

interface Lease {
  owner: string;
  until: number;
}

export async function alone<T>(store: Store, now: () => number, work: () => Promise<T>): Promise<T> {
  if (typeof navigator !== 'undefined' && 'locks' in navigator) {
    return navigator.locks.request(`footwell-sync-${store.patientId}`, work);
  }
  const owner = newToken();
  while (!(await take(store, owner, now()))) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  const renewing = setInterval(() => void take(store, owner, now()), LEASE_MS / 3);
  try {
    return await work();
  } finally {
    clearInterval(renewing);
    await store.change(async (tx) => {
      await tx.objectStore('meta').delete('lease');
      return { kinds: [], result: undefined };
    });
  }
}

function take(store: Store, owner: string, now: number): Promise<boolean> {
  return store.change(async (tx) => {
    const lease = (await tx.objectStore('meta').get('lease')) as Lease | undefined;
    const free = !lease || lease.owner === owner || lease.until < now;
    if (free) await tx.objectStore('meta').put({ owner, until: now + LEASE_MS }, 'lease');
    return { kinds: [], result: free };
  });
}
