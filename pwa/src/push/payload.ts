/** What a push message says, read so that an old app understands a new message, and a new app an old one. */

export type Action = 'start' | 'later' | 'done';

export interface Message {
  type: string;
  title: string;
  body: string;
  /** Where a tap leads: a route of this app. */
  hash: string;
  tag: string;
  lang: string;
  actions: { action: Action; title: string }[];
  /** The message's own token, for a receipt or an answer; good for two days. */
  token: string | null;
  /** Whose store on this phone it belongs to. */
  store: string | null;
  occurrenceId: string | null;
}

export interface Fallback {
  title: string;
  body: string;
}

/** How long "Later" puts a reminder off. */
export const LATER_MS = 30 * 60_000;

const ACTIONS: readonly string[] = ['start', 'later', 'done'] satisfies Action[];
const HOME = '#/today';

/** Never fails: what cannot be read is replaced, because every push must show something. */
export function parseMessage(text: string | null, origin: string, fallback: Fallback): Message {
  const payload = objectIn(text);
  const notification = asObject(payload.notification);
  const data = asObject(notification.data);
  const title = asText(notification.title);
  return {
    type: asText(payload.type) ?? asText(data.type) ?? 'unknown',
    title: title ?? fallback.title,
    body: asText(notification.body) ?? (title ? '' : fallback.body),
    hash: hashOf(asText(notification.navigate), origin),
    tag: asText(notification.tag) ?? 'footwell',
    lang: asText(notification.lang) ?? 'en',
    actions: actionsIn(notification.actions),
    token: asText(payload.token) ?? asText(data.token),
    store: asText(payload.store) ?? asText(data.store),
    occurrenceId: asText(data.occurrence_id),
  };
}

/** Reads back what a notification was shown with; the browser keeps it as it was, over an update of the app too. */
export function messageOf(data: unknown, origin: string, fallback: Fallback): Message {
  const kept = asObject(asObject(data).message);
  const blank = parseMessage(null, origin, fallback);
  return {
    ...blank,
    type: asText(kept.type) ?? blank.type,
    hash: hashOf(asText(kept.hash), origin),
    tag: asText(kept.tag) ?? blank.tag,
    actions: actionsIn(kept.actions),
    token: asText(kept.token),
    store: asText(kept.store),
    occurrenceId: asText(kept.occurrenceId),
  };
}

/**
 * A message that Safari shows by itself comes without its text: the worker gets the notification as it would be shown
 * (w3c.github.io/push-api, Declarative Push Messages), and showing another one replaces it.
 */
export function declaredText({ title, body, tag, lang, data, navigate }: Declared): string {
  return JSON.stringify({ notification: { title, body, tag, lang, data, navigate } });
}

export type Declared = Pick<Notification, 'title' | 'body' | 'tag' | 'lang' | 'data'> & { readonly navigate?: string };

/** Where the buttons of a message are when its notification can have none. */
export function answerHash({ hash, actions, occurrenceId }: Message): string {
  return occurrenceId && actions.length > 0 ? `#/answer?occurrence=${encodeURIComponent(occurrenceId)}` : hash;
}

/** Only a route of our own is ever followed. */
function hashOf(address: string | null, origin: string): string {
  if (!address) return HOME;
  try {
    const url = new URL(address, `${origin}/`);
    return url.origin === origin && url.hash.startsWith('#/') ? url.hash : HOME;
  } catch {
    return HOME;
  }
}

function actionsIn(value: unknown): Message['actions'] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    const { action, title } = asObject(item);
    return isAction(action) && typeof title === 'string' ? [{ action, title }] : [];
  });
}

function isAction(value: unknown): value is Action {
  return typeof value === 'string' && ACTIONS.includes(value);
}

function objectIn(text: string | null): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text ?? ''));
  } catch {
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
