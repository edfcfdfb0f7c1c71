/** Push messages of today, of tomorrow, and broken ones. */
import { describe, expect, test } from 'vitest';
import { browserLabel, installFirst } from './browser-label';
import { fromBase64Url, sameBytes, subscriptionBody } from './keys';
import { messageOf, parseMessage } from './payload';

const ORIGIN = 'https://footwell.example';
const FALLBACK = { title: 'Footwell', body: 'Open Footwell to see what is new.' };
const parse = (value: unknown) =>
  parseMessage(typeof value === 'string' ? value : JSON.stringify(value), ORIGIN, FALLBACK);

const full = {
  v: 1,
  type: 'reminder',
  token: 't1',
  store: 'p1',
  notification: {
    title: 'Footwell: it is time',
    body: 'Tap to open Footwell.',
    navigate: `${ORIGIN}/#/session?occurrence=o1`,
    tag: 'tag1',
    lang: 'en',
    silent: false,
    data: { token: 't1', occurrence_id: 'o1', type: 'reminder' },
    actions: [
      { action: 'start', title: 'Start', navigate: `${ORIGIN}/#/session?occurrence=o1` },
      { action: 'later', title: 'Later', navigate: `${ORIGIN}/#/session?occurrence=o1` },
    ],
  },
};

test('a whole message is read', () => {
  expect(parse(full)).toEqual({
    type: 'reminder',
    title: 'Footwell: it is time',
    body: 'Tap to open Footwell.',
    hash: '#/session?occurrence=o1',
    tag: 'tag1',
    lang: 'en',
    actions: [
      { action: 'start', title: 'Start' },
      { action: 'later', title: 'Later' },
    ],
    token: 't1',
    store: 'p1',
    occurrenceId: 'o1',
  });
});

describe('something is always shown', () => {
  test.each([
    null,
    '',
    'not json',
    '[]',
    '"text"',
    '42',
    'null',
    '{"notification":null}',
    '{"notification":{"title":""}}',
  ])('for %j', (text) => {
    expect(parseMessage(text, ORIGIN, FALLBACK)).toMatchObject({ ...FALLBACK, hash: '#/today', token: null });
  });

  test('for a message of a later version with an unknown type and unknown actions', () => {
    const message = parse({
      ...full,
      v: 9,
      type: 'foot_scan',
      notification: {
        ...full.notification,
        actions: [
          { action: 'scan', title: 'Scan' },
          { action: 'done', title: 'Done' },
        ],
      },
    });
    expect(message).toMatchObject({ type: 'foot_scan', title: 'Footwell: it is time' });
    expect(message.actions).toEqual([{ action: 'done', title: 'Done' }]);
  });

  test('for members of a wrong type', () => {
    const message = parse({ type: 3, token: {}, notification: { title: 'Hello', body: [], actions: 'none', data: 1 } });
    expect(message).toMatchObject({ title: 'Hello', body: '', type: 'unknown', actions: [], token: null });
  });
});

test.each([
  ['https://evil.example/#/session', '#/today'],
  ['javascript:alert(1)', '#/today'],
  [`${ORIGIN}/api/v1/me`, '#/today'],
  ['#/reminders', '#/reminders'],
  [`${ORIGIN}/#/log`, '#/log'],
])('a tap on %s leads to %s', (navigate, hash) => {
  expect(parse({ notification: { title: 'x', navigate } }).hash).toBe(hash);
});

test('what a notification was shown with is read back, from an older app too', () => {
  const message = parse(full);
  expect(messageOf({ message }, ORIGIN, FALLBACK)).toMatchObject({
    occurrenceId: 'o1',
    token: 't1',
    hash: message.hash,
  });
  expect(messageOf(undefined, ORIGIN, FALLBACK)).toMatchObject({ occurrenceId: null, hash: '#/today' });
  expect(messageOf({ message: { hash: 'https://evil.example/#/x' } }, ORIGIN, FALLBACK).hash).toBe('#/today');
});

test('keys are read and compared byte for byte', () => {
  expect([...fromBase64Url('-_8A')]).toEqual([251, 255, 0]);
  expect(sameBytes(new Uint8Array([1, 2]).buffer, new Uint8Array([1, 2]))).toBe(true);
  expect(sameBytes(new Uint8Array([1, 2]).buffer, new Uint8Array([1, 3]))).toBe(false);
  expect(sameBytes(null, new Uint8Array())).toBe(false);
});

test('a subscription names the endpoint it takes over from, but never itself', () => {
  const made = { endpoint: 'https://push/new', getKey: () => new Uint8Array([251, 255, 0]).buffer };
  const body = (replaces: string | null) => subscriptionBody(made as unknown as PushSubscription, 'Firefox', replaces);
  expect(body('https://push/old')).toMatchObject({
    replaces: 'https://push/old',
    keys: { p256dh: '-_8A', auth: '-_8A' },
  });
  expect(body('https://push/new').replaces).toBeNull();
});

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1';
const IPAD = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15';
const ANDROID = 'Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36';

test('browsers have a name that the patient knows', () => {
  expect(browserLabel(IPHONE, 5)).toBe('Safari, iPhone');
  expect(browserLabel(IPAD, 5)).toBe('Safari, iPad');
  expect(browserLabel(IPAD, 0)).toBe('Safari, Mac');
  expect(browserLabel(ANDROID, 5)).toBe('Chrome, Android');
  expect(browserLabel('', 0)).toBe('Browser, phone');
});

test('only an iPhone or iPad that is not installed must be installed first', () => {
  expect(installFirst(IPHONE, 5, false)).toBe(true);
  expect(installFirst(IPHONE, 5, true)).toBe(false);
  expect(installFirst(IPAD, 5, false)).toBe(true);
  expect(installFirst(IPAD, 0, false)).toBe(false);
  expect(installFirst(ANDROID, 5, false)).toBe(false);
});
