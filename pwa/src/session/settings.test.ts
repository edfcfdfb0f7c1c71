/** What was kept on the phone is believed only as far as it makes sense. */
import { expect, it } from 'vitest';
import { readSettings, usualSettings } from './settings';

it('nothing kept, or nonsense, is as usual; listening is off', () => {
  for (const kept of [undefined, null, 5, 'loud', [], {}]) expect(readSettings(kept)).toEqual(usualSettings);
  expect(usualSettings.hands_free).toBe(false);
});

it('what was kept comes back', () => {
  const kept = { ...usualSettings, voice: false, voice_name: 'v', rate: 0.5, speed: 2, timer: false, hands_free: true };
  expect(readSettings(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
});

it('a value out of range is as usual, and the others stay', () => {
  const kept = { ...usualSettings, speed: 0, rate: 9, volume: -1, chime_volume: 'loud', timer: 'no', vibration: false };
  expect(readSettings(kept)).toEqual({ ...usualSettings, vibration: false });
});
