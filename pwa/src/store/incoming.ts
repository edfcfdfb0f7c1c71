/** Writes what the server sends: a page of changes with its cursor in one transaction, or one record read again. */
import type { ChangesPage } from '../api/types';
import { roundOf, type ServerVersion, takeIn } from './rows';
import type { Store } from './store';

export async function cursorOf(store: Store): Promise<string | null> {
  return (await store.meta<string>('cursor')) ?? null;
}

export function applyPage(store: Store, page: ChangesPage): Promise<void> {
  return store.change(async (tx) => {
    const round = await roundOf(tx);
    const kinds = new Set<string>();
    for (const item of page.items) if (await takeIn(tx, item, round)) kinds.add(item.kind);
    await tx.objectStore('meta').put(page.next, 'cursor');
    if (!page.more && (await tx.objectStore('meta').get('sweep'))) {
      await sweep(tx, round, kinds);
      await tx.objectStore('meta').delete('sweep');
    }
    return { kinds, result: undefined };
  });
}

/** The server no longer knows what we have missed: read everything again, and then drop what did not come. */
export function startOver(store: Store): Promise<void> {
  return store.change(async (tx) => {
    const meta = tx.objectStore('meta');
    await meta.put((await roundOf(tx)) + 1, 'round');
    await meta.put(true, 'sweep');
    await meta.delete('cursor');
    return { kinds: [], result: undefined };
  });
}

async function sweep(tx: Parameters<typeof takeIn>[0], round: number, kinds: Set<string>): Promise<void> {
  const unsent = await tx.objectStore('outbox').getAll();
  const kept = new Set(unsent.map((entry) => `${entry.kind}/${entry.id}`));
  for (let cursor = await tx.objectStore('records').openCursor(); cursor; cursor = await cursor.continue()) {
    const { kind, id, round: seen } = cursor.value;
    if (seen >= round || kept.has(`${kind}/${id}`)) continue;
    await cursor.delete();
    kinds.add(kind);
  }
}

/** Records whose change of ours went away unsent: what the server has of them is to be read again. */
export async function staleRecords(store: Store): Promise<{ kind: string; id: string; day: string | null }[]> {
  const tx = (await store.read()).transaction(['stale', 'records']);
  const all = await tx.objectStore('stale').getAll();
  const rows = await Promise.all(all.map(({ kind, id }) => tx.objectStore('records').get([kind, id])));
  return all.map((place, index) => ({ ...place, day: rows[index]?.day ?? null }));
}

export function applyFresh(store: Store, version: ServerVersion): Promise<void> {
  return store.change(async (tx) => {
    await takeIn(tx, version, await roundOf(tx));
    await tx.objectStore('stale').delete([version.kind, version.id]);
    return { kinds: [version.kind], result: undefined };
  });
}
