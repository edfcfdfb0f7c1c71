/** Push messages and taps on them, as functions of what the worker can do (`Phone`), so that tests need no browser. */
import { answerHash, type Fallback, LATER_MS, type Message, messageOf, parseMessage } from '../push/payload';
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
  /** Whether a notification can have buttons here: Safari's cannot. */
  hasActions: boolean;
  now: () => number;
  /** Sentences in the language asked for, or in English. */
  words: (lang: string) => { unknown: Fallback; alreadyDone: Fallback };
  show: (title: string, options: Shown) => Promise<void>;
  openApp: (hash: string) => Promise<void>;
  /** The number on the app's icon, as the store of this message has it. */
  showBadge: (message: Message) => Promise<void>;
  isDone: (message: Message) => Promise<boolean>;
  sendReceipt: (message: Message, event: ReceiptEvent, at: string) => Promise<void>;
  sendAnswer: (message: Message, answer: Answer) => Promise<void>;
}

const LOOK_MS = 1_000;
/** Firefox tells of a notification that we close after a tap as of one that was swept away. */
const tapped = new Set<string>();

/** Safari's notifications have no buttons, and in a tab on an iPhone there is no `Notification` at all. */
export function hasActions(scope: object): boolean {
  const { Notification: known } = scope as { Notification?: { maxActions?: number } };
  return (known?.maxActions ?? 0) > 0;
}

/** Always shows something, and before it speaks to any network: Safari takes the permission away otherwise. */
export async function showPush(text: string | null, phone: Phone): Promise<void> {
  const received = time(phone.now());
  const message = parseMessage(text, phone.origin, phone.words('en').unknown);
  const done = await soon(phone.isDone(message), false);
  const said = done ? phone.words(message.lang).alreadyDone : message;
  await phone.show(said.title, {
    body: said.body,
    tag: message.tag,
    lang: message.lang,
    silent: done,
    actions: done ? [] : message.actions,
    data: { message },
  });
  await soon(phone.showBadge(message), undefined);
  await phone.sendReceipt(message, 'received', received);
  await phone.sendReceipt(message, 'shown', time(phone.now()));
}

export async function tapPush(action: string, data: unknown, phone: Phone): Promise<void> {
  const message = messageOf(data, phone.origin, phone.words('en').unknown);
  const now = phone.now();
  if (message.token) tapped.add(message.token);
  const work = [phone.sendReceipt(message, 'tapped', time(now))];
  if (action === 'done' && message.occurrenceId) {
    work.push(phone.sendAnswer(message, { state: 'done', until: null, at: time(now) }));
  } else if (action === 'later' && message.occurrenceId) {
    work.push(phone.sendAnswer(message, { state: 'snoozed', until: time(now + LATER_MS), at: time(now) }));
  } else {
    work.push(phone.openApp(phone.hasActions ? message.hash : answerHash(message)));
  }
  await Promise.all(work);
  await soon(phone.showBadge(message), undefined);
}

export async function dismissPush(data: unknown, phone: Phone): Promise<void> {
  const message = messageOf(data, phone.origin, phone.words('en').unknown);
  if (message.token && tapped.delete(message.token)) return;
  await phone.sendReceipt(message, 'dismissed', time(phone.now()));
}

/** A store that does not open must not keep the message from being shown. */
async function soon<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  const late = new Promise<T>((resolve) => setTimeout(() => resolve(otherwise), LOOK_MS));
  return Promise.race([answer.catch(() => otherwise), late]);
}

function time(at: number): string {
  return new Date(at).toISOString();
}
