import { expect, it } from 'vitest';
import type { Records } from '../store/records';
import { loadSentences } from '../text';
import { sourceName, sourceOf } from './sources';
import { changeWords, dayAsked, otherWords, partWords, sourceTiles } from './step-day-words';

type Count = Records['step_count']['counts'][number];

await loadSentences('all');

const count = (changes: Partial<Count>): Count => ({
  source: 'google_health',
  source_label: 'Pixel Watch 3 through Google Health',
  steps: 6204,
  observed_at: '2026-11-21T13:05:00Z',
  is_partial: false,
  counted: false,
  ...changes,
});

const change = (why: string, before: number | null, after: number | null) => {
  const source_label = why.startsWith('typed') ? '' : 'iPhone';
  const source = source_label ? 'phone/1' : 'manual';
  return changeWords({ at: '2026-11-21T13:05:00Z', source, source_label, why, before, after }, sourceName);
};

it('an address asks for a day that was, else for today', () => {
  expect(dayAsked('2026-11-21', '2026-11-22')).toBe('2026-11-21');
  expect(dayAsked('2026-11-22', '2026-11-22')).toBe('2026-11-22');
  for (const rest of ['', 'yesterday', '2026-13-01', '2026-11-23', '2026-11-21/more'])
    expect(dayAsked(rest, '2026-11-22')).toBe('2026-11-22');
});

it('a day that is not whole says so, and why it is not', () => {
  expect(partWords({ on: '2026-11-21', is_partial: false }, '2026-11-22')).toBeNull();
  expect(partWords({ on: '2026-11-21', is_partial: true }, '2026-11-22')).toBe('There may be more.');
  expect(partWords({ on: '2026-11-22', is_partial: true }, '2026-11-22')).toBe('So far. The day is not over.');
});

it('each source that does not count is named, the largest first, and never added', () => {
  const iPhone = count({ source: 'phone/1', source_label: 'iPhone', steps: 5900 });
  const nameless = count({ source: 'phone/2', source_label: '', steps: 6000, is_partial: true });
  expect(otherWords({ counts: [iPhone, count({ counted: true }), nameless] }, sourceName)).toEqual([
    'Your device said 6,000 so far. It is not added.',
    'iPhone said 5,900. It is not added.',
  ]);
});

it.each([
  ['first', null, 1204, 'iPhone said 1,204.'],
  ['first', null, 0, 'iPhone said 0.'],
  ['more', 1204, 1830, 'iPhone said more: 1,830. Before: 1,204.'],
  ['corrected', 1830, 1204, 'iPhone put it right: 1,204. Before: 1,830.'],
  ['settled', 1830, 1830, 'The day was over. iPhone kept 1,830.'],
  ['removed_at_source', 1830, null, 'iPhone took its number away. It was 1,830.'],
  ['typed', null, 4200, 'You typed 4,200.'],
  ['typed', 4200, 4300, 'You typed 4,300. Before: 4,200.'],
  ['typed_removed', 4300, null, 'You took your number away. It was 4,300.'],
  ['choice', 1830, 6204, 'You chose what counts: iPhone, 6,204. Before: 1,830.'],
  ['a_kind_of_next_year', 1, 2, 'iPhone said 2.'],
])('a change "%s" from %s to %s is told', (why, before, after, words) => {
  expect(change(why, before, after)).toBe(words);
});

it('the usual rule comes first, then every source with its last day', () => {
  const known = [{ source: 'phone/1', source_label: 'iPhone', last_on: '2026-11-21' }];
  expect(sourceTiles({ order: [], known }, sourceName, (on) => on)).toEqual([
    { value: '', label: 'Choose for me', hint: 'Google Health first, then the highest number.' },
    { value: 'phone/1', label: 'iPhone', hint: 'Last steps: 2026-11-21' },
  ]);
});

it('two phones that send with one app are told apart by their own names', () => {
  const keys = [
    { id: '6d7a2c1e-0000-4000-8000-000000000000', record: { label: 'My iPhone' }, waiting: false, refused: null },
  ];
  const sent = (source: string) => sourceOf({ source, source_label: 'Shortcut' }, keys);
  expect(sent('phone/6d7a2c1e/shortcut')).toBe('Shortcut on My iPhone');
  expect(sent('phone/00000000/shortcut')).toBe('Shortcut');
  expect(sent('google_health')).toBe('Shortcut');
});
