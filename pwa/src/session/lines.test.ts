/** What is said at each step: the line, the pressure where a technique begins, and the skin for numb feet. */
import { describe, expect, it } from 'vitest';
import { type Script, type Step, scripts } from '../care/scripts';
import { findCare } from '../text/care';
import { caption, pressureOf, spoken } from './lines';

const saying = (cap = 5, flags: string[] = []) => ({ find: findCare, cap, flags, helper: false });
const s10 = scripts.find(({ id }) => id === 'S10') as Script;

describe.each(scripts.map((script) => [script.id, script.steps] as const))('in %s', (_, steps) => {
  const told = (cap: number) =>
    steps.map((_step, at) => /no harder than (\d+) out/.exec(spoken(steps, at, saying(cap)))?.[1]);

  it('the pressure is told at the first step that presses and at each new technique, never above the cap', () => {
    let before: string | undefined;
    steps.forEach((step, at) => {
      const begins = step.pressure !== null && step.technique !== before;
      if (step.pressure !== null) before = step.technique;
      expect(told(2)[at], step.key).toBe(begins ? String(Math.min(step.pressure ?? 0, 2)) : undefined);
    });
    const presses = steps.some(({ pressure }) => pressure !== null);
    expect(told(2).some(Boolean)).toBe(presses);
  });

  it('numb feet are watched at every step that touches them, and only theirs', () => {
    steps.forEach((step, at) => {
      const watched = spoken(steps, at, saying(3, ['watch_skin'])).includes('Watch your skin.');
      expect(watched, step.key).toBe(step.regions.length > 0 && step.kind !== 'look' && !step.sock);
      expect(spoken(steps, at, saying(3))).not.toContain('Watch your skin.');
    });
  });
});

it('the caption is the line without the pressure, which stands beside it', () => {
  const at = s10.steps.findIndex(({ pressure }) => pressure !== null);
  expect(caption(s10.steps[at], saying())).toBe(findCare(s10.steps[at]?.line ?? ''));
  expect(caption(undefined, saying())).toBe('');
});

it('what is left out is told with the line', () => {
  const step = { ...s10.steps.find(({ regions }) => regions.length > 1), also: 'line.skip.leave_out' } as Step;
  const said = findCare('line.skip.leave_out') as string;
  expect(caption(step, saying()).endsWith(said)).toBe(true);
  expect(caption(step, saying(3, ['watch_skin']))).toMatch(new RegExp(`${said} Watch your skin.$`));
});

it("the person's own cap wins when it is lower, the technique's when that is", () => {
  const step = { ...s10.steps[0], pressure: 4 } as Step;
  expect([pressureOf(step, 2), pressureOf(step, 5), pressureOf({ ...step, pressure: null }, 5)]).toEqual([2, 4, null]);
});

it.each(['S20', 'S8', 'G12'])('%s never tells a helper of their own feet', (id) => {
  const steps = scripts.find((script) => script.id === id)?.steps ?? [];
  for (const [at, step] of steps.entries()) {
    const said = spoken(steps, at, { ...saying(3, ['watch_skin']), helper: true });
    expect(said, step.key).not.toMatch(/\byour (left|right|foot|feet|toes|ankle|skin|back)\b/i);
    expect(said.length).toBeGreaterThan(0);
  }
});
