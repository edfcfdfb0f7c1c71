/** The service worker: which event is handled by what. */
import { exchange } from '../api/client';
import { showBadge } from '../push/badge';
import { browserLabel } from '../push/browser-label';
import { fromBase64Url, subscriptionBody } from '../push/keys';
import { type Declared, declaredText } from '../push/payload';
import { currentPatientId } from '../store/database';
import { dismissPush, hasActions, type Phone, type Shown, showPush, tapPush } from './notifications';
import { answer, cleanUp, install, keptPath } from './precache';
import { countOpen, isDone, sendAnswer, sendReceipt, sendSubscription } from './sending';
import { wordsIn } from './words';

declare const self: ServiceWorkerGlobalScope;

interface SubscriptionChange extends ExtendableEvent {
  readonly oldSubscription: PushSubscription | null;
  readonly newSubscription: PushSubscription | null;
}

interface DeclaredPush extends PushEvent {
  readonly notification?: Declared | null;
}

const VERSION = __APP_VERSION__;
const means = { exchange, now: Date.now };

const phone: Phone = {
  origin: self.location.origin,
  hasActions: hasActions(self),
  now: Date.now,
  words: wordsIn,
  show: (title, options) => self.registration.showNotification(title, withIcons(options)),
  openApp,
  showBadge: async (message) => {
    const count = await countOpen(message, Date.now());
    if (count !== null) await showBadge(count);
  },
  isDone,
  sendReceipt: (message, event, at) => sendReceipt(message, event, at, means),
  sendAnswer: (message, given) => sendAnswer(message, given, means),
};

self.addEventListener('install', (event) => event.waitUntil(install(__PRECACHE__, VERSION, caches)));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const path = keptPath(event.request, self.location.origin);
  if (path !== null) event.respondWith(answer(path, event.request, VERSION, caches));
});
self.addEventListener('message', (event) => {
  if (event.data?.type === 'SKIP_WAITING') event.waitUntil(self.skipWaiting());
});
self.addEventListener('push', (event) => event.waitUntil(showPush(textOf(event), phone)));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(tapPush(event.action, event.notification.data, phone));
});
self.addEventListener('notificationclose', (event) => event.waitUntil(dismissPush(event.notification.data, phone)));
self.addEventListener('pushsubscriptionchange', (event) =>
  (event as SubscriptionChange).waitUntil(renewSubscription(event as SubscriptionChange)),
);

async function takeOver(): Promise<void> {
  await cleanUp(VERSION, caches);
  await self.clients.claim();
}

function textOf({ data, notification }: DeclaredPush): string | null {
  try {
    return data?.text() ?? (notification ? declaredText(notification) : null);
  } catch {
    return null;
  }
}

function withIcons(options: Shown): NotificationOptions {
  return { ...options, icon: '/icons/icon-192.png', badge: '/icons/badge-96.png' };
}

/** A window that is open already is brought to the front and told where to go. */
async function openApp(hash: string): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = windows.find((client) => client.visibilityState === 'visible') ?? windows[0];
  if (!open) {
    await self.clients.openWindow(`/${hash}`);
    return;
  }
  open.postMessage({ type: 'NAVIGATE', hash });
  await open.focus().catch(() => undefined);
}

/** Firefox gives no new subscription with the event: the worker makes one itself. */
async function renewSubscription({ oldSubscription, newSubscription }: SubscriptionChange): Promise<void> {
  const renewed = newSubscription ?? (await subscribe(oldSubscription));
  if (!renewed) return;
  const label = browserLabel(navigator.userAgent, 0);
  const body = subscriptionBody(renewed, label, oldSubscription?.endpoint ?? null);
  await sendSubscription(await currentPatientId(), body, means);
}

async function subscribe(old: PushSubscription | null): Promise<PushSubscription | null> {
  const applicationServerKey = old?.options.applicationServerKey ?? (await publicKey());
  if (!applicationServerKey) return null;
  return self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

async function publicKey(): Promise<Uint8Array<ArrayBuffer> | null> {
  const { body, ours } = await exchange({ method: 'GET', path: '/push/public-key' });
  const key = ours ? (body as { public_key?: string } | null)?.public_key : undefined;
  return key ? fromBase64Url(key) : null;
}
