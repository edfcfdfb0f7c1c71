/** Registers the service worker and offers a new version of the app. Never reloads by itself over unsaved input. */

const LOOK_EVERY_MS = 3_600_000;

let waiting: ServiceWorker | null = null;
let replaced = false;
const listeners = new Set<() => void>();
const unsaved = new Set<symbol>();

/** True when a new version is ready and the patient may be asked. */
export function updateReady(): boolean {
  return waiting !== null || replaced;
}

export function onUpdate(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** While the returned function has not been called, nothing reloads the page: something typed is not yet kept. */
export function holdReload(): () => void {
  const hold = Symbol('unsaved input');
  unsaved.add(hold);
  return () => unsaved.delete(hold);
}

/** After the patient's yes. The page reloads as soon as the new worker is in charge. */
export function takeUpdate(): void {
  if (replaced) location.reload();
  else waiting?.postMessage({ type: 'SKIP_WAITING' });
}

export async function registerServiceWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  let controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // The first worker takes over a page that is already the newest. Later ones come after a yes, perhaps in another tab.
    if (controlled && unsaved.size === 0) location.reload();
    replaced = controlled;
    controlled = true;
    tell();
  });
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<unknown>) => follow(data));
  const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
  offer(registration, registration.waiting);
  registration.addEventListener('updatefound', () => {
    const coming = registration.installing;
    coming?.addEventListener('statechange', () => {
      if (coming.state === 'installed') offer(registration, registration.waiting);
    });
  });
  const look = (): void => {
    if (document.visibilityState === 'visible' && navigator.onLine) registration.update().catch(() => undefined);
  };
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener('visibilitychange', look);
}

function offer(registration: ServiceWorkerRegistration, worker: ServiceWorker | null): void {
  if (!worker || !registration.active) return;
  waiting = worker;
  tell();
}

function tell(): void {
  for (const changed of listeners) changed();
}

/** A tapped notification names the screen to show; only one of ours is followed. */
function follow(data: unknown): void {
  if (typeof data !== 'object' || data === null || !('type' in data) || data.type !== 'NAVIGATE') return;
  if (!('hash' in data) || typeof data.hash !== 'string' || !data.hash.startsWith('#/')) return;
  location.hash = data.hash;
}
