/** The addresses of the app: hash routes, so that an offline start needs no server rules. */

export interface Route {
  /** The screen's word, for example `today` or `log/steps`. */
  name: string;
  /** What follows the screen's word in the path: the reset token, a topic of Learn. */
  rest: string;
  query: URLSearchParams;
}

/** Words of two parts that are screens of their own. */
const deeper = new Set([
  'log/symptoms',
  'log/steps',
  'log/session',
  'log/glucose',
  'log/comfort',
  'glucose/advice',
  'glucose/before-walk',
  'glucose/targets',

  'log/foot-check',
  'log/shoes',
  'plan/choose',
  'plan/pause',
  'help/ladder',
]);

/** Reads `#/log/steps?on=2026-11-22`; an empty hash is Today. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s, 2);
  const parts = path.split('/').filter((part) => part !== '');
  const query = new URLSearchParams(search);
  const two = parts.slice(0, 2).join('/');
  if (deeper.has(two)) return { name: two, rest: decode(parts.slice(2).join('/')), query };
  return { name: parts[0] ?? 'today', rest: decode(parts.slice(1).join('/')), query };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Makes `#/log/steps?on=2026-11-22`, for links. Empty values are left out. */
export function href(path: string, query: Record<string, string | null | undefined> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const tail = search.toString();
  return `#/${path.replace(/^\//, '')}${tail ? `?${tail}` : ''}`;
}

/** Goes to a screen; `replace` leaves no step behind for the back button. */
export function navigate(path: string, query: Record<string, string> = {}, replace = false): void {
  const to = href(path, query);
  if (replace) {
    history.replaceState({ depth }, '', to);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = to;
  }
}

/** One step back if a screen of the app lies before this one, else to the given screen. Resolves on arrival. */
export async function back(fallback: string): Promise<void> {
  if (depth === 0) return navigate(fallback, {}, true);
  // Browsers go back a little later than they are asked to.
  const arrived = new Promise((resolve) => addEventListener('popstate', resolve, { once: true }));
  history.back();
  await arrived;
}

/** For work that ends later: the way back from the screen it began on, of no effect once the patient has gone elsewhere. */
export function backFromHere(fallback: string): () => Promise<void> {
  const here = location.hash;
  return async () => {
    if (location.hash === here) await back(fallback);
  };
}

/** How many screens of the app lie before this one. A browser does not say, and going back too far leaves the app. */
let depth = 0;

/** A step back finds the number it left; an address without one is a step on. */
function count(fresh: number): void {
  const known: unknown = history.state?.depth;
  depth = typeof known === 'number' ? known : fresh;
  if (known !== depth) history.replaceState({ depth }, '');
}

/** Tells of every change of the address, and once now. Returns the way to stop. */
export function watchRoute(changed: (route: Route) => void): () => void {
  const tell = () => changed(parseRoute(location.hash));
  // Two moves in a row may both have happened before the first `hashchange`; `popstate` comes with each.
  const moved = () => count(depth + 1);
  addEventListener('popstate', moved);
  addEventListener('hashchange', tell);
  count(0);
  tell();
  return () => {
    removeEventListener('popstate', moved);
    removeEventListener('hashchange', tell);
  };
}
