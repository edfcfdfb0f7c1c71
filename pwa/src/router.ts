/** The addresses of the app: hash routes, so that an offline start needs no server rules. */

export interface Route {
  /** The screen's word, for example `today` or `log/steps`. */
  name: string;
  /** What follows the screen's word in the path (only the reset token today). */
  rest: string;
  query: URLSearchParams;
}

/** Words of two parts that are screens of their own. */
const deeper = new Set(['log/symptoms', 'log/steps', 'log/session', 'plan/choose', 'plan/pause']);

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
    history.replaceState(null, '', to);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = to;
  }
}

/** One step back if there is one inside the app, else to the given screen. */
export function back(fallback: string): void {
  if (history.length > 1 && cameFromInside) history.back();
  else navigate(fallback, {}, true);
}

/** For work that ends later: the way back from the screen it began on, of no effect once the patient has gone elsewhere. */
export function backFromHere(fallback: string): () => void {
  const here = location.hash;
  return () => {
    if (location.hash === here) back(fallback);
  };
}

let cameFromInside = false;

/** Tells of every change of the address, and once now. Returns the way to stop. */
export function watchRoute(changed: (route: Route) => void): () => void {
  const tell = () => changed(parseRoute(location.hash));
  const moved = () => {
    cameFromInside = true;
    tell();
  };
  addEventListener('hashchange', moved);
  tell();
  return () => removeEventListener('hashchange', moved);
}
