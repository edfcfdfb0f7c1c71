/** Every step of every script can be drawn. */
import { describe, expect, it } from 'vitest';
import { scripts } from '../care/scripts';
import { pictures } from '../components/foot-paths';
import { sways } from '../components/foot-sway';
import { handPaths } from '../components/hand-paths';
import { sceneOf } from './choreography';

describe.each(scripts.map((script) => [script.id, script] as const))('script %s', (_, script) => {
  it.each(script.steps.map((step) => [step.key, step] as const))('step %s has a picture', (_key, step) => {
    const { view, lit, hand, foot, sway } = sceneOf(step);
    const picture = pictures[view];
    if (step.foot !== 'both') expect(foot).toBe(step.foot);
    if (lit.length > 0) expect(lit.some((region) => region in picture.regions || region in picture.toes)).toBe(true);
    if (step.kind === 'move' && step.foot !== 'both') expect([hand, sway].filter(Boolean)).toHaveLength(1);
    if (step.technique === 'self_move') expect(hand).toBeNull();
    if (step.kind === 'look') expect(hand).toBeNull();
  });
});

describe('a foot that moves by itself', () => {
  it.each(Object.entries(sways))('%s ends as it began, in order', (_, { frames }) => {
    const times = frames.map(({ at }) => at);
    expect([times[0], times.at(-1)]).toEqual([0, 1]);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(frames.at(-1)?.transform).toBe(frames[0]?.transform);
  });
});

describe('a hand path', () => {
  it.each(Object.entries(handPaths))('%s starts at 0, ends at 1 where it began, in order', (_, { points }) => {
    const times = points.map(({ at }) => at);
    expect(times[0]).toBe(0);
    expect(times.at(-1)).toBe(1);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    const [first, last] = [points[0], points.at(-1)];
    expect(Math.hypot((first?.x ?? 0) - (last?.x ?? 9), (first?.y ?? 0) - (last?.y ?? 9))).toBeLessThan(0.01);
  });
});
