/** Each reason that the server gives for a change of a day's steps has words of its own. */
import { beforeAll, expect, test } from 'vitest';
import { loadSentences } from '../text';
import { sourceName } from './sources';
import { changeWords } from './step-changes';

const change = { at: '2026-11-22T09:15:00Z', source: 'google_health', source_label: 'Pixel Watch' };

beforeAll(() => loadSentences('all'));

test.each([
  ['first', null, 5900, 'Pixel Watch said 5,900.'],
  ['first', null, 0, 'Pixel Watch said 0.'],
  ['more', 5900, 6204, 'Pixel Watch said 6,204 now, 5,900 before.'],
  ['corrected', 6204, 6100, 'Pixel Watch put it right: 6,100, not 6,204.'],
  ['settled', 6100, 6100, 'Pixel Watch looked again after the day. It stays at 6,100.'],
  ['removed_at_source', 6100, null, '6,100 was deleted at Pixel Watch.'],
  ['choice', 5900, 6100, 'Now Pixel Watch counts. It said 6,100.'],
  ['typed', null, 700, 'You typed 700.'],
  ['typed', 700, 800, 'You typed 800 in place of 700.'],
  ['typed_removed', 800, null, 'You took your number away. It was 800.'],
  ['of_a_newer_server', 800, 900, 'Pixel Watch: 900.'],
])('%s from %s to %s', (why, before, after, words) => {
  expect(changeWords({ ...change, why, before, after }, sourceName)).toBe(words);
});
