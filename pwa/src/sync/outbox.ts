/** The rules for sending what waits: one entry at a time, oldest first. The table and the network are passed in. */
import type { Entry } from '../store/database';
import type { Accepted, Waiting } from '../store/waiting';

/** What came back for one request. `ours` is false for anything that did not come from our server. */
export interface Reply extends Accepted {
  status: number;
  ours: boolean;
  code: string;
  detail: string;
  /** Milliseconds, when the server said how long to wait. */
  retryAfter: number | null;
}

export type Send = (entry: Entry) => Promise<Reply | 'no_network'>;

export type Verdict = 'accepted' | 'later' | 'sign_in' | 'refused';

export type Outcome =
  | { state: 'done'; sent: number; nextAt: number | null }
  | { state: 'later'; sent: number; nextAt: number; offline: boolean }
  | { state: 'sign_in_needed'; sent: number };

export const FIRST_DELAY_MS = 5_000;
export const LONGEST_DELAY_MS = 3_600_000;

export function judge(method: Entry['method'], reply: Reply | 'no_network'): Verdict {
  if (reply === 'no_network' || !reply.ours) return 'later';
  const { status } = reply;
  if (status >= 200 && status < 300) return 'accepted';
  if (method === 'DELETE' && (status === 404 || status === 410)) return 'accepted';
  if (status === 401) return 'sign_in';
  if (status === 408 || status === 429) return 'later';
  return status >= 400 && status < 500 ? 'refused' : 'later';
}

export interface Sending {
  waiting: Waiting;
  send: Send;
  now: () => number;
  appVersion: string;
}

/** Sends until nothing is left to send or a reply says to stop. */
export async function sendWaiting({ waiting, send, now, appVersion }: Sending): Promise<Outcome> {
  const pause = await waiting.pause();
  if (pause && now() < pause.until) return { state: 'later', sent: 0, nextAt: pause.until, offline: !pause.firm };
  let delay = pause?.delay ?? 0;
  let sent = 0;
  for (let entry = await waiting.next(now()); entry; entry = await waiting.next(now())) {
    const reply = await send(entry);
    const verdict = judge(entry.method, reply);
    if (verdict === 'later') {
      const known = reply !== 'no_network' && reply.ours ? reply : null;
      if (known && known.status >= 500) await waiting.serverError(entry);
      delay = Math.min(Math.max(delay * 2, FIRST_DELAY_MS), LONGEST_DELAY_MS);
      const nextAt = now() + (known?.retryAfter ?? delay);
      await waiting.setPause({ until: nextAt, delay, firm: known !== null });
      return { state: 'later', sent, nextAt, offline: known === null };
    }
    if (delay > 0) await waiting.setPause(null);
    delay = 0;
    if (reply === 'no_network') continue;
    if (verdict === 'accepted') {
      await waiting.accepted(entry, reply);
      sent += 1;
    } else if (entry.authorization && verdict === 'sign_in') {
      // A message's token is good for two days; the cookie may still be.
      await waiting.withoutToken(entry);
    } else if (entry.quiet) {
      await waiting.drop(entry);
    } else if (verdict === 'sign_in') {
      return { state: 'sign_in_needed', sent };
    } else {
      await waiting.refused(entry, { code: reply.code, detail: reply.detail, app_version: appVersion });
    }
  }
  return { state: 'done', sent, nextAt: await waiting.soonest() };
}
