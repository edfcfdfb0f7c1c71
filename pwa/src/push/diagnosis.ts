/** Why a reminder may not come to this phone, from evidence: what is wrong, the worst first, and what mends it. */
import type { Arrival, PushSubscriptionItem } from '../api/types';
import type { PushState } from './subscription';

export interface Evidence {
  push: PushState;
  /** Whether the part of the app that shows messages is there. */
  worker: boolean;
  android: boolean;
  /** What the server knows of this phone; null when it was never asked. */
  server: { own: PushSubscriptionItem | null } | null;
  arrivals: readonly Arrival[];
  now: number;
}

export type Mend = 'enable' | 'test' | 'load';

export type Wrong =
  | Exclude<PushState, 'on'>
  | 'no_worker'
  | 'not_known'
  | 'renew'
  | 'battery'
  | 'quiet'
  | 'no_word'
  | 'no_test'
  | 'well';

export interface Finding {
  what: Wrong;
  mend: Mend | null;
}

const HOUR = 3_600_000;
/** A test that arrives does so at once. */
const TEST_MS = 60_000;
const REPEATEDLY = 2;

export function diagnose(evidence: Evidence): Finding[] {
  const { push, worker, server } = evidence;
  if (push !== 'on') return [{ what: push, mend: push === 'off' ? 'enable' : null }];
  if (!worker) return [{ what: 'no_worker', mend: 'load' }];
  if (!server) return [];
  if (!server.own) return [{ what: 'not_known', mend: 'enable' }];
  if (server.own.state === 'needs_resubscribe') return [{ what: 'renew', mend: 'enable' }];
  const found: Finding[] = [];
  const mine = evidence.arrivals.filter(({ subscription_id }) => subscription_id === server.own?.id);
  const held = mine.filter((one) => one.kind !== 'test' && isHeldBack(one, evidence.now)).length >= REPEATEDLY;
  if (held && evidence.android) found.push({ what: 'battery', mend: 'test' });
  const test = mine.find(({ kind }) => kind === 'test');
  if (server.own.quiet) found.push({ what: 'quiet', mend: 'test' });
  else if (!test) found.push({ what: 'no_test', mend: 'test' });
  else if (hasNoWord(test, TEST_MS, evidence.now)) found.push({ what: 'no_word', mend: 'test' });
  return found.length > 0 ? found : [{ what: 'well', mend: 'test' }];
}

/** Over an hour late, or no word at all from a phone that otherwise tells. */
function isHeldBack(one: Arrival, now: number): boolean {
  if (one.sent_at && one.received_at) return Date.parse(one.received_at) - Date.parse(one.sent_at) > HOUR;
  return hasNoWord(one, HOUR, now);
}

function hasNoWord({ reason, sent_at }: Arrival, after: number, now: number): boolean {
  return reason === 'not_reported' && sent_at !== null && now - Date.parse(sent_at) > after;
}

export interface Told {
  key: string;
  kind: string;
  dueAt: string;
  ways: Arrival[];
}

/** Messages about one moment stand together; each test by itself. The newest first, as they come. */
export function byMoment(arrivals: readonly Arrival[]): Told[] {
  const found = new Map<string, Told>();
  for (const one of arrivals) {
    const key = one.occurrence_id ?? `${one.subscription_id} ${one.due_at}`;
    const told = found.get(key) ?? { key, kind: one.kind, dueAt: one.due_at, ways: [] };
    told.ways.push(one);
    found.set(key, told);
  }
  return [...found.values()];
}
