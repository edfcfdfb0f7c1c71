/** What keeps a reminder from a phone, as the page says it. */
import { describe, expect, test } from 'vitest';
import type { Arrival, PushSubscriptionItem } from '../api/types';
import { byMoment, diagnose, type Evidence } from './diagnosis';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const own: PushSubscriptionItem = {
  id: 'p1',
  label: 'Chrome, Android',
  state: 'active',
  created_at: '2026-11-01T08:00:00Z',
  seen_at: '2026-11-22T08:00:00Z',
  last_sent_at: null,
  last_received_at: null,
  last_shown_at: null,
  quiet: false,
};

function arrival(changes: Partial<Arrival> = {}): Arrival {
  return {
    occurrence_id: 'o1',
    kind: 'massage',
    due_at: '2026-11-22T10:00:00Z',
    way: 'push',
    subscription_id: 'p1',
    label: 'Chrome, Android',
    reason: 'arrived',
    sent_at: '2026-11-22T10:00:00Z',
    received_at: '2026-11-22T10:00:01Z',
    shown_at: null,
    tapped_at: null,
    ...changes,
  };
}

const noWord = { reason: 'not_reported', received_at: null };
const test1 = arrival({ kind: 'test', occurrence_id: null });
const good: Evidence = {
  push: 'on',
  worker: true,
  android: true,
  server: { own },
  arrivals: [test1],
  now: NOW,
};

const found = (changes: Partial<Evidence>) => diagnose({ ...good, ...changes }).map(({ what, mend }) => [what, mend]);

test.each<[string, Partial<Evidence>, [string, string | null][]]>([
  ['all is well', {}, [['well', 'test']]],
  ['it is blocked', { push: 'blocked' }, [['blocked', null]]],
  ['it is off', { push: 'off' }, [['off', 'enable']]],
  ['an iPhone without the app', { push: 'install_first' }, [['install_first', null]]],
  ['a browser without push', { push: 'unsupported' }, [['unsupported', null]]],
  ['the worker is gone', { worker: false }, [['no_worker', 'load']]],
  ['the server lost it', { server: { own: null } }, [['not_known', 'enable']]],
  ['the key changed', { server: { own: { ...own, state: 'needs_resubscribe' } } }, [['renew', 'enable']]],
  ['no test was ever sent', { arrivals: [] }, [['no_test', 'test']]],
  ['a test of another phone', { arrivals: [{ ...test1, subscription_id: 'p2' }] }, [['no_test', 'test']]],
  ['no word of the test', { arrivals: [{ ...test1, ...noWord }] }, [['no_word', 'test']]],
  [
    'the test has just gone',
    { arrivals: [{ ...test1, ...noWord, sent_at: '2026-11-22T11:59:30Z' }] },
    [['well', 'test']],
  ],
  ['it has gone quiet', { server: { own: { ...own, quiet: true } } }, [['quiet', 'test']]],
])('%s', (_, changes, expected) => {
  expect(found(changes)).toEqual(expected);
});

test('nothing is said of the server by a phone that could not ask it', () => {
  expect(found({ server: null, arrivals: [] })).toEqual([]);
});

describe('a phone that saves its battery', () => {
  const late = arrival({ received_at: '2026-11-22T11:00:01Z' });
  const battery = [['battery', 'test']];

  test('twice late by more than an hour, or without a word', () => {
    expect(found({ arrivals: [test1, late, arrival(noWord)] })).toEqual(battery);
  });

  test('once is chance, and an hour is not late', () => {
    const inTime = arrival({ received_at: '2026-11-22T11:00:00Z' });
    expect(found({ arrivals: [test1, late, inTime] })).toEqual([['well', 'test']]);
  });

  test('a browser that never tells is not said to get nothing', () => {
    const sent = arrival({ reason: 'sent', received_at: null });
    expect(found({ arrivals: [{ ...test1, reason: 'sent', received_at: null }, sent, sent, sent] })).toEqual([
      ['well', 'test'],
    ]);
  });

  test('only Android has that switch', () => {
    expect(found({ android: false, arrivals: [test1, late, late] })).toEqual([['well', 'test']]);
  });
});

test('messages of one moment stand together, tests by themselves', () => {
  const email = arrival({ way: 'email', subscription_id: null, label: null });
  const tests = [test1, { ...test1, due_at: '2026-11-22T09:00:00Z' }];
  const told = byMoment([...tests, arrival(), email]);
  expect(told.map(({ kind, ways }) => [kind, ways.length])).toEqual([
    ['test', 1],
    ['test', 1],
    ['massage', 2],
  ]);
});
