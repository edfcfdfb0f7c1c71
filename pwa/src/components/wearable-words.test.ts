import { expect, it } from 'vitest';
import type { Wearable } from '../online/wearables';
import { loadSentences } from '../text';
import { action, endsSoon, inOrder, sentence } from './wearable-words';

await loadSentences('all');

const now = new Date('2026-11-22T09:00:00Z');
const when = (at: string) => at.slice(11, 16);
const item = (changes: Partial<Wearable>): Wearable => ({
  provider: 'google_health',
  state: 'not_connected',
  reason: null,
  link: null,
  offered: true,
  confirm: false,
  missing_permissions: [],
  glucose: false,
  device: null,
  device_synced_at: null,
  connected_at: null,
  last_synced_at: null,
  next_sync_at: null,
  reconnect_by: null,
  ends_on: null,
  archive: null,
  ...changes,
});
const read = { last_synced_at: '2026-11-22T08:05:00Z', next_sync_at: '2026-11-22T10:02:00Z' };

/** What a state looks like, and the one thing to do about it. */
const WAYS: Record<string, [string | null, string | null]> = {
  not_connected: [null, 'connect'],
  first: ['info', 'read'],
  active: ['good', 'read'],
  backing_off: ['info', 'read'],
  needs_reconnect: ['warm', 'again'],
  needs_setup: ['warm', 'read'],
  admin_problem: ['warm', null],
  provider_retired: [null, null],
  disconnected: [null, 'connect'],
};
/** By state, and by reason where it has one. */
const SAID = {
  not_connected: 'Through the Google account that you use in the Google Health app.',
  first: 'Connected. Your first steps come in a moment.',
  active: 'Your steps come by themselves.',
  'backing_off unavailable': 'Google does not answer now. We try again by ourselves: 10:02.',
  'backing_off rate_limited': 'Google asks us to wait. We try again by ourselves: 10:02.',
  'needs_reconnect invalid_grant': 'Google no longer lets us in. Please connect again. Nothing is lost.',
  'needs_reconnect key_changed': 'This server was moved or mended. Please connect again. Nothing is lost.',
  'needs_reconnect steps_not_permitted': 'You did not permit steps. Please connect again and leave the tick at steps.',
  'needs_setup no_profile': 'Open the Google Health app once with this account. Then tap “Read now”.',
  'needs_setup account_not_linked': 'This account is not set up for Google Health yet. Set it up, then tap “Read now”.',
  'needs_setup legacy_account': 'Your old Fitbit account must move to Google first. Then tap “Read now”.',
  'admin_problem client_refused':
    'Something must be mended at this server. Tell whoever runs it. You need not do anything.',
  provider_retired: 'This is no longer offered here. What came already stays.',
  disconnected: 'Disconnected. What came already stays.',
};

it.each(Object.entries(SAID))('%s has its sentence and its one action', (key, text) => {
  const [state, reason = null] = key.split(' ') as [Wearable['state'] | 'first', string?];
  const one = state === 'first' ? item({ state: 'active' }) : item({ state, reason, ...read });
  const [tone, todo] = WAYS[state] ?? [];
  expect(sentence(one, when)).toMatchObject({ text, tone });
  expect(action(one, now)).toBe(todo);
});

it('what this server does not offer is said so, with nothing to do', () => {
  const text = 'This server does not offer it. A phone can still send its steps.';
  expect(sentence(item({ offered: false }), when)).toMatchObject({ text, tone: null });
  expect(action(item({ offered: false }), now)).toBeNull();
});

it('a site of the patient is spoken of as one, and of sugar', () => {
  const said = (changes: Partial<Wearable>) => sentence(item({ provider: 'nightscout', ...changes }), when).text;
  expect(said({ state: 'active' })).toBe('Connected. Your first readings come in a moment.');
  expect(said({ state: 'active', ...read })).toBe('Your sugar readings come by themselves.');
  expect(said({ state: 'needs_reconnect', reason: 'token_refused' })).toContain('Your site no longer lets us in.');
});

it('the watch, the last read, what is not permitted and what will end are told below', () => {
  const watch = { device: 'Pixel Watch 3', device_synced_at: '2026-11-22T08:58:00Z' };
  const missing_permissions = ['glucose', 'settings'];
  const ends_on = '2026-12-31';
  expect(sentence(item({ state: 'active', ...read, ...watch, missing_permissions, ends_on }), when).more).toEqual([
    'Pixel Watch 3 last reached your account: 08:58',
    'Last read: 08:05',
    'Sugar readings are not permitted. Steps come all the same.',
    'We may not see when your watch last synced. Steps come all the same.',
    'Google will end Google Fit with the year 2026.',
  ]);
  expect(sentence(item({ state: 'disconnected', ...read, ...watch }), when).more).toEqual([]);
});

it('what came back in another browser is confirmed before anything else', () => {
  expect(action(item({ confirm: true }), now)).toBe('confirm');
  expect(action(item({ confirm: true, state: 'needs_reconnect' }), now)).toBe('confirm');
});

it('a consent that ends within two days is renewed, and where nobody can renew it nothing is asked', () => {
  const ending = item({ state: 'active', ...read, reconnect_by: '2026-11-24T08:59:00Z' });
  expect(endsSoon(ending, now)).toBe(true);
  expect(action(ending, now)).toBe('again');
  expect(action({ ...ending, offered: false }, now)).toBeNull();
  expect(action({ ...ending, reconnect_by: '2026-11-24T09:01:00Z' }, now)).toBe('read');
  expect(endsSoon({ ...ending, state: 'disconnected' }, now)).toBe(false);
});

it('what needs a look stands first, then what is connected', () => {
  const all = [
    item({ provider: 'google_health' }),
    item({ provider: 'google_fit', state: 'active' }),
    item({ provider: 'nightscout', state: 'needs_reconnect' }),
  ];
  expect(inOrder(all, now).map(({ provider }) => provider)).toEqual(['nightscout', 'google_fit', 'google_health']);
});
