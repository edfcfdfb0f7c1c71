/** Old apps and new messages, new apps and old messages: each shows what the other means, and always something. */
import { describe, expect, test } from 'vitest';
import { type Phone, type Shown, showPush, tapPush } from '../sw/notifications';
import messagesOfV1 from '../testing/v1/messages.json';
import * as v1 from '../testing/v1/payload';
import { readVectors } from '../testing/vectors';
import { parseMessage } from './payload';

const ORIGIN = 'https://footwell.example';
const FALLBACK = { title: 'Footwell', body: 'Open Footwell to see what is new.' };
type Payload = (typeof messagesOfV1)[number];
const { messages } = readVectors<{ messages: Payload[] }>();

/** A phone that notes what it shows, opens and sends. */
function noting(): { phone: Phone; shown: [string, Shown][]; opened: string[]; answers: unknown[] } {
  const shown: [string, Shown][] = [];
  const opened: string[] = [];
  const answers: unknown[] = [];
  const phone: Phone = {
    origin: ORIGIN,
    hasActions: true,
    now: () => 0,
    words: () => ({ unknown: FALLBACK, alreadyDone: FALLBACK }),
    show: async (title, options) => void shown.push([title, options]),
    openApp: async (hash) => void opened.push(hash),
    showBadge: async () => undefined,
    isDone: async () => false,
    sendReceipt: async () => undefined,
    sendAnswer: async (...answer) => void answers.push(answer),
  };
  return { phone, shown, opened, answers };
}

/** What is on the screen after a message, and where a tap on it leads. */
async function seen(text: string): Promise<{ title: string; options: Shown; opened: string[] }> {
  const { phone, shown, opened } = noting();
  await showPush(text, phone);
  const [title, options] = shown[0] ?? expect.fail('nothing was shown');
  await tapPush('', options.data, phone);
  return { title, options, opened };
}

test.each(messages)('version 1 reads what is sent today: $type $notification.title', (message) => {
  const { notification } = message;
  const hash = new URL(notification.navigate).hash;
  expect(v1.parseMessage(JSON.stringify(message), ORIGIN, FALLBACK)).toEqual({
    type: message.type,
    title: notification.title,
    body: notification.body,
    hash,
    tag: notification.tag,
    lang: 'en',
    actions: (notification.actions ?? []).map(({ action, title }) => ({ action, title })),
    token: 't1',
    store: message.store,
    occurrenceId: notification.data.occurrence_id,
  });
});

test.each(messagesOfV1)('today the same is read of what version 1 was sent: $type $notification.title', (message) => {
  const text = JSON.stringify(message);
  expect(parseMessage(text, ORIGIN, FALLBACK)).toEqual(v1.parseMessage(text, ORIGIN, FALLBACK));
});

test('what version 1 showed is tapped after an update', async () => {
  const message = v1.parseMessage(JSON.stringify(messagesOfV1[1]), ORIGIN, FALLBACK);
  const { phone, answers } = noting();
  await tapPush('later', { message }, phone);
  expect(answers).toMatchObject([[{ occurrenceId: message.occurrenceId, token: 't1' }, { state: 'snoozed' }]]);
});

test('what is shown today is tapped in an app that is still version 1', async () => {
  const { options } = await seen(JSON.stringify(messages[2]));
  const read = v1.messageOf(options.data, ORIGIN, FALLBACK);
  expect(read).toMatchObject({ token: 't1', tag: options.tag, hash: options.data.message.hash });
  expect(read.occurrenceId).toBe(options.data.message.occurrenceId);
});

describe('something is shown, and a tap leads into the app', () => {
  const whole = messages[2] as Payload;
  const { notification } = whole;
  const without = (from: object, name: string) =>
    Object.fromEntries(Object.entries(from).filter(([key]) => key !== name));
  const broken: [string, unknown][] = [
    ['an unknown type', { ...whole, v: 7, type: 'foot_scan', scan: { left: 1 } }],
    ...Object.keys(whole).map((name): [string, unknown] => [`no ${name}`, without(whole, name)]),
    ...Object.keys(notification).map((name): [string, unknown] => [
      `no ${name} of the notification`,
      { ...whole, notification: without(notification, name) },
    ]),
    ...Object.keys(notification).map((name): [string, unknown] => [
      `a strange ${name} of the notification`,
      { ...whole, notification: { ...notification, [name]: [{ no: 1 }] } },
    ]),
  ];

  test.each(broken)('with %s', async (_, message) => {
    const { title, opened } = await seen(JSON.stringify(message));
    expect(title).not.toBe('');
    expect(opened).toEqual([expect.stringMatching(/^#\//)]);
    expect(v1.parseMessage(JSON.stringify(message), ORIGIN, FALLBACK).title).not.toBe('');
  });
});
