/** Every choice of techniques and minutes gives an exact script, or none. */
import { describe, expect, it } from 'vitest';
import written from '$care/own_script.json';
import careEn from '$care/text/en.json';
import { ownMinutes, ownScript } from './own-script';

const standard = ['stroking', 'kneading', 'pressure_points', 'rolling', 'warm_oil'];
const gentle = ['palm_hold', 'palm_strokes', 'palm_circles', 'toe_squeeze', 'ankle_moves'];
const still = ['still_hold', 'ankle_moves'];

/** Every choice that is not empty. */
function choices(ids: readonly string[]): string[][] {
  const all = Array.from({ length: 2 ** ids.length }, (_, bits) => ids.filter((_, at) => bits & (1 << at)));
  return all.filter((chosen) => chosen.length > 0);
}

const everyChoice = [standard, gentle, still].flatMap(choices);

describe('a session of one’s own', () => {
  it.each(everyChoice)('of %s is exact for every length that is offered', (...chosen) => {
    const lengths = ownMinutes(chosen);
    expect(lengths.length).toBeGreaterThan(0);
    for (const minutes of lengths) {
      const script = ownScript(chosen, minutes);
      const steps = script?.steps ?? [];
      const seconds = (foot: string) =>
        steps.filter((step) => step.foot === foot).reduce((sum, step) => sum + step.seconds, 0);
      expect(seconds('both') + seconds('left') + seconds('right')).toBe(minutes * 60);
      expect(script?.total_seconds).toBe(minutes * 60);
      expect(seconds('left')).toBe(seconds('right'));
      expect(new Set(steps.map(({ key }) => key)).size).toBe(steps.length);
      for (const step of steps) {
        expect(Number.isInteger(step.seconds) && step.seconds > 0, step.key).toBe(true);
        expect(step.period, step.key).toBeLessThanOrEqual(step.seconds);
        expect(step.line in careEn, step.line).toBe(true);
      }
      for (const id of chosen) expect(steps.some(({ technique }) => technique === id)).toBe(true);
      const order = steps.map(({ foot, row }) => (foot === 'both' ? row : foot));
      expect([...new Set(order)]).toEqual(['settle', 'left', 'right', 'close']);
      expect(steps.filter(({ key }) => key.startsWith('spot_')).length).toBeLessThanOrEqual(20);
      expect(steps.filter(({ key }) => key.startsWith('toes_up')).length).toBeLessThanOrEqual(6);
    }
  });

  it('may last from 4 to 30 minutes, in whole ones', () => {
    expect(ownMinutes(['stroking'])).toEqual(Array.from({ length: 27 }, (_, n) => n + 4));
    for (const minutes of [0, 3, 31, -8, 8.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(ownScript(['stroking'], minutes)).toBeNull();
    }
  });

  it('of nothing, or of what nobody knows, is none', () => {
    expect(ownScript([], 10)).toBeNull();
    expect(ownScript(['stroking', 'knuckles'], 10)).toBeNull();
    expect(ownMinutes(['knuckles'])).toEqual([]);
  });

  it('of pressing alone is short: not more than 20 presses in a session', () => {
    expect(ownMinutes(['pressure_points'])).toEqual([5]);
  });

  it('looks at the skin on each foot, and with moving hands in every round', () => {
    const looks = (chosen: string[], minutes: number) =>
      ownScript(chosen, minutes)?.steps.filter(({ kind, foot }) => kind === 'look' && foot === 'left').length;
    expect(looks(['stroking'], 30)).toBeGreaterThan(5);
    expect(looks(still, 30)).toBe(1);
  });

  it('with still hands strokes nothing and speaks of no oil', () => {
    const lines = ownScript(still, 12)?.steps.map(({ line, motion }) => `${line} ${motion}`) ?? [];
    expect(lines.filter((line) => /wipe|stroke|line\.palm/.test(line))).toEqual([]);
  });
});

it('every part has a length that can be spoken over', () => {
  const sentences: Record<string, string> = careEn;
  for (const { parts } of written.techniques) {
    for (const { line, least, most } of parts) {
      expect((sentences[line] ?? '').split(' ').length * 0.45, line).toBeLessThanOrEqual(least);
      expect(least).toBeLessThanOrEqual(most);
    }
  }
});
