/** Push messages and taps on them, as functions of what the worker can do (`Phone`), so that tests need no browser. */
import { type Fallback, type Message, messageOf, parseMessage } from '../push/payload';
import type { Answer, ReceiptEvent } from './sending';

export interface Shown {
  body: string;
  tag: string;
  lang: string;
  silent: boolean;
  actions: Message['actions'];
  data: { message: Message };
}

export interface Phone {
  origin: string;
  now: () => number;
  /** Sentences in the language asked for, or in English. */
  words: (lang: string) => { unknown: Fallback; alreadyDone: Fallback };
  show: (title: string, options: Shown) => Promise<void>;
  openApp: (hash: string) => Promise<void>;
  isDone: (message: Message) => Promise<boolean>;
  sendReceipt: (message: Message, event: ReceiptEvent, at: string) => Promise<void>;
  sendAnswer: (message: Message, answer: Answer) => Promise<void>;
}

const LATER_MS = 30 * 60_000;
const LOOK_MS = 1_000;

/** Always shows something, and before it speaks to any network: Safari takes the permission away otherwise. */
export async function showPush(text: string | null, phone: Phone): Promise<void> {
  const received = time(phone.now());
  const message = parseMessage(text, phone.origin, phone.words('en').unknown);
  const done = await soon(phone.isDone(message));
  const said = done ? phone.words(message.lang).alreadyDone : message;
  await phone.show(said.title, {
    body: said.body,
    tag: message.tag,
    lang: message.lang,
    silent: done,
    actions: done ? [] : message.actions,
    data: { message },
  });
  await phone.sendReceipt(message, 'received', received);
  await phone.sendReceipt(message, 'shown', time(phone.now()));
}

export async function tapPush(action: string, data: unknown, phone: Phone): Promise<void> {
  const message = messageOf(data, phone.origin, phone.words('en').unknown);
  const now = phone.now();
  const work = [phone.sendReceipt(message, 'tapped', time(now))];
  if (action === 'done' && message.occurrenceId) {
    work.push(phone.sendAnswer(message, { state: 'done', until: null, at: time(now) }));
  } else if (action === 'later' && message.occurrenceId) {
    work.push(phone.sendAnswer(message, { state: 'snoozed', until: time(now + LATER_MS), at: time(now) }));
  } else {
    work.push(phone.openApp(message.hash));
  }
  await Promise.all(work);
}

export async function dismissPush(data: unknown, phone: Phone): Promise<void> {
  const message = messageOf(data, phone.origin, phone.words('en').unknown);
  await phone.sendReceipt(message, 'dismissed', time(phone.now()));
}

/** A store that does not open must not keep the message from being shown. */
async function soon(answer: Promise<boolean>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), LOOK_MS));
  return Promise.race([answer.catch(() => false), late]);
}

function time(at: number): string {
  return new Date(at).toISOString();
}
