/** What the service worker does with pushes, taps and what it cannot send. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { declaredText, type Message } from '../push/payload';
import { deleteStore, Store } from '../store/store';
import { footCheck, occurrence } from '../testing/records';
import { problem, reply, TestServer } from '../testing/server';
import { dismissPush, hasActions, type Phone, type Shown, showPush, tapPush } from './notifications';
import { countOpen, isDone, sendAnswer, sendReceipt } from './sending';
import { wordsIn } from './words';

const ORIGIN = 'https://footwell.example';
const NOW = Date.parse('2026-11-23T18:00:00Z');

let patients = 0;
let store: Store;
let server: TestServer;
let shown: [string, Shown][];
let opened: string[];
let badges: (number | null)[];
let phone: Phone;

beforeEach(async () => {
  patients += 1;
  store = new Store(`patient-sw-${patients}`);
  await store.keep('occurrence', 'o1', occurrence('o1'));
  server = new TestServer();
  server.trouble = ({ path }) => (path === '/push/receipts' ? reply(204, null) : null);
  shown = [];
  opened = [];
  badges = [];
  const means = { exchange: server.exchange, now: () => NOW };
  phone = {
    origin: ORIGIN,
    hasActions: true,
    now: () => NOW,
    words: wordsIn,
    show: async (title, options) => void shown.push([title, options]),
    openApp: async (hash) => void opened.push(hash),
    showBadge: async (about) => void badges.push(await countOpen(about, NOW)),
    isDone,
    sendReceipt: (message, event, at) => sendReceipt(message, event, at, means),
    sendAnswer: (message, given) => sendAnswer(message, given, means),
  };
});

afterEach(async () => {
  await store.close();
  await deleteStore(store.patientId);
});

const payload = () =>
  JSON.stringify({
    v: 1,
    type: 'reminder',
    token: 't1',
    store: store.patientId,
    notification: {
      title: 'Footwell: it is time',
      body: 'Tap to open Footwell.',
      navigate: `${ORIGIN}/#/session?occurrence=o1`,
      tag: 'tag1',
      lang: 'en',
      data: { occurrence_id: 'o1' },
      actions: [{ action: 'later', title: 'Later' }],
    },
  });

const message = async (): Promise<{ message: Message }> => {
  await showPush(payload(), phone);
  return shown.at(-1)?.[1].data ?? { message: {} as Message };
};
const receipts = () =>
  server.asked.filter(({ path }) => path === '/push/receipts').map(({ body }) => (body as { event: string }).event);

describe('a push', () => {
  test('is shown and its arrival reported', async () => {
    await showPush(payload(), phone);
    expect(shown).toMatchObject([
      ['Footwell: it is time', { tag: 'tag1', silent: false, actions: [{ action: 'later' }] }],
    ]);
    expect(receipts()).toEqual(['received', 'shown']);
  });

  test.each([null, 'broken', '{}'])('with the body %j is shown all the same', async (text) => {
    await showPush(text, phone);
    expect(shown).toMatchObject([['Footwell', { silent: false }]]);
    expect(server.asked).toEqual([]);
  });

  test('for what is already done is silent, with the same tag', async () => {
    await store.answerOccurrence('o1', { state: 'done', at: '2026-11-23T17:50:00Z' });
    await showPush(payload(), phone);
    expect(shown).toMatchObject([[expect.any(String), { tag: 'tag1', silent: true, actions: [] }]]);
    expect(shown[0]?.[0]).not.toBe('Footwell: it is time');
  });

  test('for what was done here and is not sent yet is silent as well', async () => {
    await store.keep('occurrence', 'o1', occurrence('o1', { kind: 'foot_check' }));
    await store.save('foot_check', 'f1', footCheck('f1', { on: '2026-11-23' }));
    await showPush(payload(), phone);
    expect(shown).toMatchObject([['Already done', { tag: 'tag1', silent: true, actions: [] }]]);
  });

  test('that Safari shows by itself is read from the notification that it hands over', async () => {
    const { token, store: whose, notification } = JSON.parse(payload());
    const data = { ...notification.data, type: 'reminder', token, store: whose };
    await showPush(declaredText({ ...notification, data }), phone);
    expect(shown).toMatchObject([['Footwell: it is time', { tag: 'tag1', body: 'Tap to open Footwell.' }]]);
    expect(shown[0]?.[1].data.message).toMatchObject({
      type: 'reminder',
      token: 't1',
      store: store.patientId,
      occurrenceId: 'o1',
      hash: '#/session?occurrence=o1',
    });
  });

  test('sets the number on the icon, and its answer sets it again', async () => {
    await tapPush('done', await message(), phone);
    expect(badges).toEqual([1, 0]);
  });

  test('is shown even when the store never opens', async () => {
    vi.useFakeTimers();
    phone.isDone = () => new Promise(() => undefined);
    phone.showBadge = () => new Promise(() => undefined);
    const showing = showPush(payload(), phone);
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    await showing;
    expect(shown).toHaveLength(1);
  });

  test('is shown before anything is sent, and receipts that fail wait in the outbox unseen', async () => {
    server.trouble = () => 'offline';
    await showPush(payload(), phone);
    expect(shown).toHaveLength(1);
    const entries = await (await store.read()).getAll('outbox');
    expect(entries.map(({ body }) => (body as { event: string }).event).sort()).toEqual(['received', 'shown']);
    expect(await store.waitingCount()).toBe(0);
  });

  test('for a patient who is not on this phone makes no store', async () => {
    await store.close();
    await deleteStore(store.patientId);
    server.trouble = () => 'offline';
    await showPush(payload(), phone);
    const names = (await indexedDB.databases()).map(({ name }) => name);
    expect(names).not.toContain(`footwell-${store.patientId}`);
  });
});

describe('a tap', () => {
  test('on the message opens its screen and is reported', async () => {
    await tapPush('', await message(), phone);
    expect(opened).toEqual(['#/session?occurrence=o1']);
    expect(receipts()).toContain('tapped');
  });

  test.each(['start', 'an action of tomorrow'])('on "%s" opens the screen', async (action) => {
    await tapPush(action, await message(), phone);
    expect(opened).toHaveLength(1);
  });

  test('on Later snoozes for half an hour with the token of the message', async () => {
    await tapPush('later', await message(), phone);
    const sent = server.asked.find(({ path }) => path === '/occurrences/o1');
    expect(sent).toMatchObject({
      method: 'PUT',
      authorization: 'Message t1',
      body: { state: 'snoozed', until: '2026-11-23T18:30:00.000Z', at: '2026-11-23T18:00:00.000Z' },
    });
    expect(opened).toEqual([]);
    expect(await store.get('occurrence', 'o1')).toMatchObject({ record: { state: 'snoozed' }, waiting: false });
  });

  test('on Done without a network is kept and shown in the app', async () => {
    const data = await message();
    server.trouble = () => 'offline';
    await tapPush('done', data, phone);
    expect(await store.get('occurrence', 'o1')).toMatchObject({ record: { state: 'done' }, waiting: true });
    const entry = await (await store.read()).get('outbox', '/occurrences/o1');
    expect(entry).toMatchObject({ method: 'PUT', authorization: 'Message t1', body: { state: 'done', until: null } });
  });

  test('whose token has expired waits for the cookie', async () => {
    const data = await message();
    server.trouble = () => problem(401, 'not_signed_in');
    await tapPush('done', data, phone);
    const entry = await (await store.read()).get('outbox', '/occurrences/o1');
    expect(entry).toBeDefined();
    expect(entry).not.toHaveProperty('authorization');
  });

  test('that the server will not take makes the app read again what the server has', async () => {
    const data = await message();
    server.trouble = ({ method }) => (method === 'PUT' ? problem(404, 'not_found') : null);
    await tapPush('done', data, phone);
    expect(await store.waitingCount()).toBe(0);
    expect(await (await store.read()).getAll('stale')).toEqual([{ kind: 'occurrence', id: 'o1' }]);
  });

  test('where a notification has no buttons opens the page that has them', async () => {
    phone.hasActions = false;
    await tapPush('', await message(), phone);
    expect(opened).toEqual(['#/answer?occurrence=o1']);
  });

  test('of a message without buttons opens its screen everywhere', async () => {
    phone.hasActions = false;
    const data = await message();
    data.message.actions = [];
    await tapPush('', data, phone);
    expect(opened).toEqual(['#/session?occurrence=o1']);
  });

  test('of an older app version opens Today', async () => {
    await tapPush('', { something: 'else' }, phone);
    expect(opened).toEqual(['#/today']);
  });
});

test.each([
  [{}, false],
  [{ Notification: {} }, false],
  [{ Notification: { maxActions: 0 } }, false],
  [{ Notification: { maxActions: 2 } }, true],
])('notifications have buttons where the browser says so: %j', (scope, has) => {
  expect(hasActions(scope)).toBe(has);
});

test('a message swept away is reported, and one that was closed by its tap is not', async () => {
  const data = await message();
  await tapPush('later', data, phone);
  await dismissPush(data, phone);
  expect(receipts()).toEqual(['received', 'shown', 'tapped']);
  await dismissPush(data, phone);
  expect(receipts()).toContain('dismissed');
});
