import { expect, it } from 'vitest';
import { loadSentences } from '../text';
import { sourceOf } from './sources';

await loadSentences('all');

it('two phones that send with one app are told apart by their own names', () => {
  const id = '6d7a2c1e-0000-4000-8000-000000000000';
  const keys = [{ id, record: { label: 'My iPhone' }, waiting: false, refused: null }];
  const sent = (source: string, source_label = 'Shortcut') => sourceOf({ source, source_label }, keys);
  expect(sent('phone/6d7a2c1e/shortcut')).toBe('Shortcut on My iPhone');
  expect(sent('phone/00000000/shortcut')).toBe('Shortcut');
  expect(sent('google_health', 'Pixel Watch 3 through Google Health')).toBe('Pixel Watch 3 through Google Health');
  expect(sent('manual', '')).toBe('Typed by you');
});
