/** Which files the service worker keeps, and when it answers with them. */
import { describe, expect, test, vi } from 'vitest';
import { answer, cacheName, cleanUp, install, keptPath } from './precache';

const ORIGIN = 'https://footwell.example';

describe('built files', () => {
  const get = (url: string, mode = 'no-cors') => keptPath({ method: 'GET', mode, url: ORIGIN + url }, ORIGIN);

  test('the page answers every start, the network answers the API', () => {
    expect(get('/', 'navigate')).toBe('/index.html');
    expect(get('/?source=pwa', 'navigate')).toBe('/index.html');
    expect(get('/assets/x.js')).toBe('/assets/x.js');
    expect(get('/api/v1/me')).toBeNull();
    expect(get('/api/docs', 'navigate')).toBeNull();
    expect(get('/shared/secret', 'navigate')).toBeNull();
    expect(keptPath({ method: 'POST', mode: 'cors', url: `${ORIGIN}/` }, ORIGIN)).toBeNull();
    expect(keptPath({ method: 'GET', mode: 'cors', url: 'https://other.example/x.js' }, ORIGIN)).toBeNull();
  });

  test('all files are kept, unchanged ones are not fetched twice, and one old version stays', async () => {
    const files = [
      { path: '/index.html', revision: '1' },
      { path: '/assets/a.js', revision: null },
    ];
    const fetched: string[] = [];
    vi.stubGlobal('fetch', async (path: string) => {
      fetched.push(path);
      return new Response(path);
    });
    const caches = new FakeCaches();
    for (const version of ['1', '2', '3']) {
      await install(files, version, caches.asStorage());
      await cleanUp(version, caches.asStorage());
    }
    vi.unstubAllGlobals();
    expect(fetched).toEqual(['/index.html', '/assets/a.js', '/index.html', '/index.html']);
    expect(await caches.keys()).toEqual([cacheName('2'), cacheName('3')]);
    const page = await answer('/index.html', new Request(`${ORIGIN}/`), '3', caches.asStorage());
    expect(await page.text()).toBe('/index.html');
  });

  test('a file that cannot be fetched stops the installation', async () => {
    vi.stubGlobal('fetch', async () => new Response('', { status: 500 }));
    await expect(install([{ path: '/x', revision: '1' }], '1', new FakeCaches().asStorage())).rejects.toThrow(
      '/x: 500',
    );
    vi.unstubAllGlobals();
  });
});

/** As much of the browser's cache storage as the worker uses. */
class FakeCaches {
  readonly all = new Map<string, Map<string, Response>>();

  asStorage(): CacheStorage {
    return this as unknown as CacheStorage;
  }

  async open(name: string) {
    const files = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, files);
    return {
      match: async (path: string) => files.get(path)?.clone(),
      put: async (path: string, response: Response) => void files.set(path, response),
    };
  }

  async match(path: string) {
    return [...this.all.values()].map((files) => files.get(path)?.clone()).find((found) => found);
  }

  keys = async () => [...this.all.keys()];
  delete = async (name: string) => this.all.delete(name);
}
