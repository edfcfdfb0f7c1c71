/** The rules for sending, with a list as the table and a function as the network. */
import { describe, expect, test } from 'vitest';
import type { Entry } from '../store/database';
import type { Pause, Waiting } from '../store/waiting';
import { FIRST_DELAY_MS, judge, LONGEST_DELAY_MS, type Reply, type Send, sendWaiting } from './outbox';

function entry(key: string, values: Partial<Entry> = {}): Entry {
  const fixed = { key, path: key, kind: 'symptom_entry', id: key, method: 'PUT' as const, body: {}, token: key };
  const state = { order: 0, made_at: 0, not_before: 0, server_errors: 0, refused: null, quiet: false };
  return { ...fixed, ...state, ...values };
}

function reply(status: number, values: Partial<Reply> = {}): Reply {
  return { status, ours: true, code: `code_${status}`, detail: '', retryAfter: null, record: null, seq: 1, ...values };
}

/** An outbox that is a list. */
class Listed implements Waiting {
  accepted_: string[] = [];
  dropped: string[] = [];
  paused: Pause | null = null;
  constructor(public list: Entry[]) {}

  next = async (now: number) => this.list.find((item) => !item.refused && item.not_before <= now) ?? null;
  soonest = async () => {
    const times = this.list.filter((item) => !item.refused).map((item) => item.not_before);
    return times.length > 0 ? Math.min(...times) : null;
  };
  accepted = async (sent: Entry) => {
    this.accepted_.push(sent.key);
    this.list = this.list.filter((item) => item.token !== sent.token);
  };
  drop = async (sent: Entry) => {
    this.dropped.push(sent.key);
    this.list = this.list.filter((item) => item.token !== sent.token);
  };
  refused = async (sent: Entry, refused: Entry['refused']) => this.#put({ ...sent, refused });
  serverError = async (sent: Entry) => this.#put({ ...sent, server_errors: sent.server_errors + 1 });
  withoutToken = async ({ authorization: _, ...rest }: Entry) => this.#put(rest);
  pause = async () => this.paused;
  setPause = async (pause: Pause | null) => {
    this.paused = pause;
  };
  #put(changed: Entry): void {
    this.list = this.list.map((item) => (item.token === changed.token ? changed : item));
  }
}

const sending = (waiting: Listed, send: Send, now = 0) =>
  sendWaiting({ waiting, send, now: () => now, appVersion: 'v1' });

describe('what a reply means', () => {
  test.each([
    ['PUT', 200, 'accepted'],
    ['PUT', 201, 'accepted'],
    ['DELETE', 204, 'accepted'],
    ['DELETE', 404, 'accepted'],
    ['DELETE', 410, 'accepted'],
    ['PUT', 404, 'refused'],
    ['PUT', 401, 'sign_in'],
    ['PUT', 408, 'later'],
    ['PUT', 429, 'later'],
    ['PUT', 500, 'later'],
    ['PUT', 503, 'later'],
    ['PUT', 304, 'later'],
    ['PUT', 400, 'refused'],
    ['PUT', 409, 'refused'],
    ['PUT', 413, 'refused'],
    ['PUT', 422, 'refused'],
  ] as const)('%s %i: %s', (method, status, verdict) => {
    expect(judge(method, reply(status))).toBe(verdict);
  });

  test.each([200, 204, 401, 404, 422, 500])('%i without our header is kept for later', (status) => {
    expect(judge('DELETE', reply(status, { ours: false }))).toBe('later');
  });

  test('no network is kept for later', () => {
    expect(judge('PUT', 'no_network')).toBe('later');
  });
});

test('everything is sent in order and then gone', async () => {
  const waiting = new Listed([entry('a'), entry('b'), entry('c')]);
  const outcome = await sending(waiting, async () => reply(200));
  expect(waiting.accepted_).toEqual(['a', 'b', 'c']);
  expect(outcome).toEqual({ state: 'done', sent: 3, nextAt: null });
});

test('a removal waits until it can no longer be undone', async () => {
  const waiting = new Listed([entry('a', { method: 'DELETE', not_before: 10_000 }), entry('b')]);
  const outcome = await sending(waiting, async () => reply(200), 9_999);
  expect(waiting.accepted_).toEqual(['b']);
  expect(outcome).toMatchObject({ state: 'done', nextAt: 10_000 });
});

test('without a network nothing is lost and the wait doubles up to an hour', async () => {
  const waiting = new Listed([entry('a'), entry('b')]);
  const waits: number[] = [];
  let now = 0;
  for (let round = 0; round < 14; round += 1) {
    const outcome = await sending(waiting, async () => 'no_network', now);
    if (outcome.state !== 'later') throw new Error(outcome.state);
    expect(outcome.offline).toBe(true);
    waits.push(outcome.nextAt - now);
    now = outcome.nextAt;
  }
  expect(waits.slice(0, 4)).toEqual([FIRST_DELAY_MS, 10_000, 20_000, 40_000]);
  expect(waits.at(-1)).toBe(LONGEST_DELAY_MS);
  expect(waiting.list.map(({ key }) => key)).toEqual(['a', 'b']);
});

test('a pause is kept, and the first good reply ends it', async () => {
  const waiting = new Listed([entry('a')]);
  waiting.paused = { until: 5_000, delay: 5_000, firm: true };
  const refusing: Send = async () => {
    throw new Error('nothing may be sent');
  };
  expect(await sending(waiting, refusing, 4_999)).toMatchObject({ state: 'later', nextAt: 5_000, offline: false });
  await sending(waiting, async () => reply(200), 5_000);
  expect(waiting.paused).toBeNull();
});

test('the server says how long to wait', async () => {
  const waiting = new Listed([entry('a')]);
  const outcome = await sending(waiting, async () => reply(429, { retryAfter: 120_000 }), 1_000);
  expect(outcome).toMatchObject({ state: 'later', nextAt: 121_000, offline: false });
  expect(waiting.paused).toMatchObject({ firm: true });
});

test('a server error stops the sending and is counted', async () => {
  const waiting = new Listed([entry('a'), entry('b')]);
  await sending(waiting, async () => reply(500));
  expect(waiting.list.map(({ server_errors }) => server_errors)).toEqual([1, 0]);
});

test('a signed-out phone keeps everything and asks to sign in', async () => {
  const waiting = new Listed([entry('a'), entry('b')]);
  const outcome = await sending(waiting, async () => reply(401));
  expect(outcome).toEqual({ state: 'sign_in_needed', sent: 0 });
  expect(waiting.list).toHaveLength(2);
});

test('a refused entry is kept with its code and the others go on', async () => {
  const waiting = new Listed([entry('a'), entry('b')]);
  const outcome = await sending(waiting, async ({ key }) => reply(key === 'a' ? 422 : 200));
  expect(waiting.list).toMatchObject([{ key: 'a', refused: { code: 'code_422', app_version: 'v1' } }]);
  expect(outcome).toEqual({ state: 'done', sent: 1, nextAt: null });
});

test('a receipt that is refused is dropped and never asks to sign in', async () => {
  const waiting = new Listed([entry('a', { quiet: true }), entry('b', { quiet: true }), entry('c')]);
  await sending(waiting, async ({ key }) => reply(key === 'a' ? 401 : key === 'b' ? 422 : 200));
  expect(waiting.dropped).toEqual(['a', 'b']);
  expect(waiting.accepted_).toEqual(['c']);
});

test('an answer whose message token has expired goes again with the cookie', async () => {
  const waiting = new Listed([entry('a', { authorization: 'Message old' })]);
  const used: (string | undefined)[] = [];
  await sending(waiting, async ({ authorization }) => {
    used.push(authorization);
    return reply(authorization ? 401 : 200);
  });
  expect(used).toEqual(['Message old', undefined]);
  expect(waiting.list).toEqual([]);
});
