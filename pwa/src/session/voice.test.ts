/** Which voice reads the lines. */
import { expect, it } from 'vitest';
import { bestVoice, chosenVoice, readingRate } from './voice';

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

it("keeps the patient's own choice while the phone has it", () => {
  const [usual, chosen] = [
    { ...voice('en-US', true, true), voiceURI: 'usual' },
    { ...voice('en-GB'), voiceURI: 'mine' },
  ];
  expect(chosenVoice([usual, chosen], 'en-US', 'mine')).toBe(chosen);
  expect(chosenVoice([usual, chosen], 'en-US', 'gone')).toBe(usual);
  expect(chosenVoice([usual, chosen], 'en-US', null)).toBe(usual);
});

it('talks faster with the massage, and never so that nobody follows', () => {
  expect(readingRate(1, 1)).toBeCloseTo(0.95);
  expect(readingRate(1, 2)).toBeCloseTo(1.9);
  expect(readingRate(1.5, 2)).toBe(2);
  expect(readingRate(0.5, 0.5)).toBe(0.5);
});
