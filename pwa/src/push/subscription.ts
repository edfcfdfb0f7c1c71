/** This browser's push subscription: its state in one word, switching it on and off, and mending it at every start. */
import { ApiError, api, body } from '../api/typed';
import type { PushSubscriptionItem } from '../api/types';
import type { Store } from '../store/store';
import { browserLabel, installFirst } from './browser-label';
import { fromBase64Url, sameBytes, subscriptionBody } from './keys';

export type PushState = 'unsupported' | 'install_first' | 'blocked' | 'off' | 'on';

/** What the server knows this browser as, kept so that the next start can compare and *Reminders* can say "this phone". */
export interface OwnSubscription {
  id: string;
  endpoint: string;
}

const OWN = 'push_subscription';

export async function pushState(): Promise<PushState> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) {
    return installFirst(navigator.userAgent, navigator.maxTouchPoints, isInstalled()) ? 'install_first' : 'unsupported';
  }
  if (Notification.permission === 'denied') return 'blocked';
  if (Notification.permission !== 'granted') return 'off';
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ? 'on' : 'off';
}

export function isInstalled(): boolean {
  const standalone = 'standalone' in navigator && navigator.standalone === true;
  return standalone || matchMedia('(display-mode: standalone)').matches;
}

/** Which of the patient's subscriptions is this browser's. */
export async function ownSubscriptionId(store: Store): Promise<string | null> {
  return (await store.meta<OwnSubscription>(OWN))?.id ?? null;
}

/**
 * Call it from a tap on a button that says why. The only place that asks for permission, and it asks before anything
 * else: Safari forgets the tap while we wait for the network.
 */
export async function enablePush(store: Store): Promise<PushState> {
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') return pushState();
  const registration = await navigator.serviceWorker.ready;
  await register(store, await subscribe(registration, await publicKey()));
  return pushState();
}

export async function disablePush(store: Store): Promise<void> {
  await unsubscribe();
  await forgetSubscription(store);
}

/** The browser's half of it. */
export async function unsubscribe(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}

/** The server's half of it. */
export async function forgetSubscription(store: Store): Promise<void> {
  const own = await store.meta<OwnSubscription>(OWN);
  if (!own) return;
  const params = { path: { subscription_id: own.id } };
  await api.DELETE('/api/v1/push/subscriptions/{subscription_id}', { params }).catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  });
  await store.setMeta(OWN, null);
  await store.keep('push_subscription', own.id, null);
}

/**
 * At every start: a subscription the server has lost, or one made for another key, is mended without asking. Where there
 * is none any more (the permission was taken back, or it was turned off without a network) the server is told.
 */
export async function reconcilePush(store: Store): Promise<void> {
  if ((await pushState()) !== 'on') return forgetSubscription(store);
  const registration = await navigator.serviceWorker.ready;
  const key = await publicKey();
  const current = await registration.pushManager.getSubscription();
  const fits = current && sameBytes(current.options.applicationServerKey, fromBase64Url(key));
  if (current && !fits) await current.unsubscribe();
  await register(store, fits ? current : await subscribe(registration, key));
}

async function publicKey(): Promise<string> {
  return (await body(api.GET('/api/v1/push/public-key'))).public_key;
}

async function subscribe(registration: ServiceWorkerRegistration, key: string): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: fromBase64Url(key) };
  try {
    return await registration.pushManager.subscribe(options);
  } catch (error) {
    // A subscription made for an older key of the server stands in the way.
    const old = await registration.pushManager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe();
    return registration.pushManager.subscribe(options);
  }
}

async function register(store: Store, subscription: PushSubscription): Promise<void> {
  const { endpoint } = subscription;
  const own = await store.meta<OwnSubscription>(OWN);
  const label = browserLabel(navigator.userAgent, navigator.maxTouchPoints);
  const wanted = subscriptionBody(subscription, label, own?.endpoint ?? null);
  const item: PushSubscriptionItem = await body(api.PUT('/api/v1/push/subscriptions', { body: wanted }));
  await store.setMeta(OWN, { id: item.id, endpoint });
  await store.keep('push_subscription', item.id, item);
}
