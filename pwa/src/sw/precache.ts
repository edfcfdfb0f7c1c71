/** Keeps the built files, so that the app opens without a network. Never touches the API. */

export interface BuiltFile {
  path: string;
  /** Changes with the content; null where the name itself does. */
  revision: string | null;
}

const PREFIX = 'footwell-files-';
const PAGE = '/index.html';

export function cacheName(version: string): string {
  return PREFIX + version;
}

/** Fetches every file of this version; those an earlier version had under the same name are copied. */
export async function install(files: readonly BuiltFile[], version: string, store: CacheStorage): Promise<void> {
  const cache = await store.open(cacheName(version));
  await Promise.all(
    files.map(async ({ path, revision }) => {
      const known = revision === null ? await store.match(path) : undefined;
      const response = known ?? (await fetch(path, { cache: revision === null ? 'default' : 'no-cache' }));
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      await cache.put(path, response);
    }),
  );
}

/** Deletes the files of old versions. The last one stays: a tab that was not reloaded may still ask for its chunks. */
export async function cleanUp(version: string, store: CacheStorage): Promise<void> {
  const older = (await store.keys()).filter((name) => name.startsWith(PREFIX) && name !== cacheName(version));
  await Promise.all(older.slice(0, -1).map((name) => store.delete(name)));
}

/** Which kept file answers a request; null leaves it to the network. */
export function keptPath(request: { method: string; mode: string; url: string }, origin: string): string | null {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin || url.pathname.startsWith('/api')) return null;
  if (request.mode === 'navigate') return url.pathname === '/' || url.pathname === PAGE ? PAGE : null;
  return url.pathname;
}

/** Fetching starts only when nothing is kept. */
export async function answer(path: string, request: Request, version: string, store: CacheStorage): Promise<Response> {
  const current = await store.open(cacheName(version));
  return (await current.match(path)) ?? (await store.match(path)) ?? fetch(request);
}
