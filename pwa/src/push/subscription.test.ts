/** This browser's subscription at every open, at the turn of the switch, and when somebody else is here. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deleteStore, Store } from '../store/store';

const ORIGIN = 'https://footwell.example';
const KEY = 'BAAA';

/** What the browser keeps, and what the server was asked. */
let browser: { permission: NotificationPermission; subscription: FakeSubscription | null; made: number };
let asked: [string, string, Record<string, unknown> | null][];
let down: boolean;
let store: Store;
let patients = 0;

class FakeSubscription {
  constructor(
    readonly endpoint: string,
    readonly options = { applicationServerKey: Uint8Array.from([4, 0, 0]).buffer },
  ) {}
  getKey = () => new ArrayBuffer(1);
  unsubscribe = async () => {
    browser.subscription = null;
    return true;
  };
}

const pushManager = {
  getSubscription: async () => browser.subscription,
  subscribe: async () => {
    browser.made += 1;
    browser.subscription = new FakeSubscription(`https://push.example/${browser.made}`);
    return browser.subscription;
  },
};

/** One id an endpoint, as the server gives them. */
async function answer(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  const body = request.method === 'PUT' ? ((await request.json()) as Record<string, unknown>) : null;
  if (down) throw new TypeError('no network');
  asked.push([request.method, path, body]);
  const headers = { 'Footwell-Api': '1' };
  if (request.method === 'DELETE') return new Response(null, { status: 204, headers });
  if (body === null) return Response.json({ public_key: KEY }, { headers });
  const item = { id: `id of ${body.endpoint}`, label: body.label, state: 'active' };
  return Response.json(item, { headers });
}

async function subscriptions() {
  return import('./subscription');
}
const told = () => asked.filter(([method]) => method !== 'GET').map(([method, path]) => `${method} ${path.slice(8)}`);

beforeEach(async () => {
  browser = { permission: 'granted', subscription: null, made: 0 };
  asked = [];
  down = false;
  store = await fresh();
  const registration = { pushManager };
  vi.stubGlobal('navigator', {
    userAgent: 'Chrome/156 Android',
    maxTouchPoints: 5,
    serviceWorker: { ready: Promise.resolve(registration), getRegistration: async () => registration },
  });
  const asks = { requestPermission: async () => browser.permission };
  vi.stubGlobal('Notification', Object.defineProperty(asks, 'permission', { get: () => browser.permission }));
  vi.stubGlobal('window', { PushManager: pushManager, Notification: asks });
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  vi.stubGlobal(
    'Request',
    class extends Request {
      constructor(to: string, init?: RequestInit) {
        super(new URL(to, ORIGIN), init);
      }
    },
  );
  vi.stubGlobal('fetch', answer);
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await store.close();
  await deleteStore(store.patientId);
});

async function fresh(): Promise<Store> {
  patients += 1;
  return new Store(`patient-push-${patients}`);
}

describe('at every open', () => {
  test('the server hears of the subscription there is', async () => {
    const { enablePush, reconcilePush } = await subscriptions();
    expect(await enablePush(store)).toBe('on');
    await reconcilePush(store);
    expect(told()).toEqual(['PUT push/subscriptions', 'PUT push/subscriptions']);
    expect(browser.made).toBe(1);
  });

  test('one for an older key of the server is made anew, in place of the old one', async () => {
    const { enablePush, ownSubscriptionId, reconcilePush } = await subscriptions();
    await enablePush(store);
    const old = new FakeSubscription('https://push.example/1', { applicationServerKey: new ArrayBuffer(3) });
    browser.subscription = old;
    await reconcilePush(store);
    expect(asked.at(-1)?.[2]).toMatchObject({ endpoint: 'https://push.example/2', replaces: 'https://push.example/1' });
    expect(await ownSubscriptionId(store)).toBe('id of https://push.example/2');
  });

  test.each<[string, NotificationPermission, string]>([
    ['the permission was taken back', 'denied', 'blocked'],
    ['the browser forgot the permission by itself', 'default', 'off'],
    ['the browser lost the subscription', 'granted', 'off'],
  ])('%s: the server forgets this browser', async (_, permission, state) => {
    const { enablePush, ownSubscriptionId, pushState, reconcilePush } = await subscriptions();
    await enablePush(store);
    browser.permission = permission;
    browser.subscription = null;
    expect(await pushState()).toBe(state);
    down = true;
    await expect(reconcilePush(store)).rejects.toThrow('offline');
    down = false;
    await reconcilePush(store);
    await reconcilePush(store);
    expect(told()).toEqual([
      'PUT push/subscriptions',
      `DELETE push/subscriptions/${encodeURIComponent('id of https://push.example/1')}`,
    ]);
    expect(await ownSubscriptionId(store)).toBeNull();
    expect(browser.made).toBe(1);
  });

  test('of a browser that never had one nothing is asked', async () => {
    const { reconcilePush } = await subscriptions();
    await reconcilePush(store);
    browser.permission = 'default';
    await reconcilePush(store);
    expect(asked).toEqual([]);
  });
});

test('another patient in the same browser takes its subscription over, so that no message of the first comes here', async () => {
  const { enablePush, reconcilePush } = await subscriptions();
  await enablePush(store);
  const other = await fresh();
  await reconcilePush(other);
  expect(asked.at(-1)?.[2]).toMatchObject({ endpoint: 'https://push.example/1', replaces: null });
  await other.close();
  await deleteStore(other.patientId);
});

test('turned off without a network it is off here at once, and at the server at the next open', async () => {
  const { disablePush, enablePush, pushState, reconcilePush } = await subscriptions();
  await enablePush(store);
  down = true;
  await expect(disablePush(store)).rejects.toThrow('offline');
  expect(await pushState()).toBe('off');
  down = false;
  await reconcilePush(store);
  expect(told().at(-1)).toMatch(/^DELETE/);
  expect(await pushState()).toBe('off');
});

test('a phone that says no is asked for nothing more', async () => {
  const { enablePush } = await subscriptions();
  browser.permission = 'denied';
  expect(await enablePush(store)).toBe('blocked');
  expect(asked).toEqual([]);
});
