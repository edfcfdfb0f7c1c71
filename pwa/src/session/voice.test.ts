/** Which voice reads the lines. */
import { expect, it } from 'vitest';
import { bestVoice } from './voice';

const voice = (lang: string, localService = true, isDefault = false) => ({ lang, localService, default: isDefault });

it('takes a voice of the language that works offline', () => {
  const here = voice('en-GB');
  expect(bestVoice([voice('de-DE'), voice('en-US', false, true), here], 'en-US')).toBe(here);
});

it('prefers the exact variant, however it is written', () => {
  const exact = voice('en_GB');
  expect(bestVoice([voice('en-US', true, true), exact], 'en-GB')).toBe(exact);
});

it('leaves the choice to the browser when no voice fits', () => {
  expect(bestVoice([voice('de-DE')], 'en')).toBeNull();
  expect(bestVoice([], 'en')).toBeNull();
});
