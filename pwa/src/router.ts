/** The addresses of the app: hash routes, so that an offline start needs no server rules. */
import { tick } from 'svelte';

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
  'reminders/add',
  'reminders/edit',
  'reminders/pause',
  'help/ladder',
  'reminders/why',
  'devices/phone',
  'devices/nightscout',
  'devices/archive',
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

/** Goes to a screen; `replace` leaves nothing of this one behind for the back button. Resolves on arrival. */
export async function navigate(path: string, query: Record<string, string> = {}, replace = false): Promise<void> {
  const to = href(path, query);
  if (replace) {
    if (here.part > 0) await leap(here.part);
    history.replaceState({ ...here }, '', to);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = to;
  }
}

/** To the screen before this one if it is the app's own, else to the given screen. Resolves on arrival. */
export async function back(fallback: string): Promise<void> {
  if (here.depth === 0) return navigate(fallback, {}, true);
  await leap(here.part + 1);
}

/** Back over several entries at once, past every part. Browsers go back a little later than they are asked to. */
async function leap(entries: number): Promise<void> {
  const arrived = new Promise((resolve) => addEventListener('popstate', resolve, { once: true }));
  leaping = true;
  history.go(-entries);
  await arrived;
}

/** For work that ends later: the way back from the screen it began on, of no effect once the patient has gone elsewhere. */
export function backFromHere(fallback: string): () => Promise<void> {
  const here = location.hash;
  return async () => {
    if (location.hash === here) await back(fallback);
  };
}

/** The same forward: what was kept takes the place of its form. */
export function replaceHere(): (path: string, query?: Record<string, string>) => Promise<void> {
  const here = location.hash;
  return async (path, query = {}) => {
    if (location.hash === here) await navigate(path, query, true);
  };
}

/**
 * How many screens of the app lie before this one, and how many parts of this one: a browser does not say, and going
 * back too far leaves the app.
 */
let here = { depth: 0, part: 0 };
let leaping = false;
let undoing = false;
/** How each part that is open is undone, the newest last. */
const ways: Undo[] = [];

type Undo = () => unknown;

/** A step back finds the place it left; an address without one is a step on. */
function count(fresh: number): void {
  const { depth, part } = history.state ?? {};
  const known = typeof depth === 'number';
  here = known ? { depth, part: part ?? 0 } : { depth: fresh, part: 0 };
  if (!known) history.replaceState({ ...here }, '');
}

/**
 * A part of a screen (a question, a dialog) that the phone's Back undoes before it leaves the screen. Each takes an entry of
 * its own, made right after the tap that led to it, because browsers pass over entries that no tap made. Returns what to
 * call when the part has gone; its entry may stay, for going back over one that undoes nothing goes on by itself.
 */
export function openPart(undo: Undo): () => void {
  ways.push(undo);
  if (!undoing) {
    here = { ...here, part: here.part + 1 };
    history.pushState({ ...here }, '');
  }
  return () => {
    ways.splice(ways.lastIndexOf(undo), 1);
  };
}

/** What Back on the screen does in such a part: the same as the phone's. */
export function closePart(): void {
  if (here.part > 0) history.back();
  else void undoNewest();
}

async function undoNewest(): Promise<void> {
  const undo = ways.at(-1);
  if (!undo) return history.back();
  undoing = true;
  try {
    await undo();
    await tick();
  } finally {
    undoing = false;
  }
}

function moved(): void {
  const from = here;
  count(here.depth + 1);
  if (!leaping && here.depth === from.depth && here.part === from.part - 1) void undoNewest();
  leaping = false;
}

/** Tells of every change of the address, and once now. Returns the way to stop. */
export function watchRoute(changed: (route: Route) => void): () => void {
  const tell = () => changed(parseRoute(location.hash));
  // Two moves in a row may both have happened before the first `hashchange`; `popstate` comes with each.
  addEventListener('popstate', moved);
  addEventListener('hashchange', tell);
  count(0);
  tell();
  return () => {
    removeEventListener('popstate', moved);
    removeEventListener('hashchange', tell);
  };
}
