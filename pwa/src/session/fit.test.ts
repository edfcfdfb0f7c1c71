/** The script that is run: without the areas that are sore, and where a place in it goes. */
import { describe, expect, it } from 'vitest';
import { forFlags, withoutAreas } from '../care/areas';
import { type Area, allAreas, regions } from '../care/blocks';
import { scripts } from '../care/scripts';
import { carriedOver, fittedScript } from './fit';

const script = scripts.find(({ id }) => id === 'S10');
if (!script) throw new Error('S10 is gone');
const wholeFoot = (foot: 'left' | 'right') => regions.map((region): Area => `${foot}.${region}`);
const keys = (areas: Area[]) => withoutAreas(script, areas)?.steps.map(({ key }) => key) ?? [];
const step = (key: string, areas: Area[]) => withoutAreas(script, areas)?.steps.find((one) => one.key === key);

describe('a sore area', () => {
  it('takes out the step that is only about it, on that foot', () => {
    expect(keys(['left.heel'])).not.toContain('knead_heel_left');
    expect(keys(['left.heel'])).not.toContain('spot_c_left');
    expect(keys(['left.heel'])).toContain('knead_heel_right');
  });

  it('stays unlit in a step that is about more, which says so', () => {
    const slide = step('slide_sole_left', ['left.heel']);
    expect(slide?.regions).toEqual(['arch_inner', 'arch_outer', 'ball']);
    expect(slide?.also).toBe('line.skip.leave_out');
    expect(step('slide_sole_right', ['left.heel'])?.also).toBeUndefined();
  });

  it('between the toes is minded by whoever holds a toe', () => {
    expect(step('toe_3_left', ['left.between_toes'])).toMatchObject({
      regions: ['toe_3'],
      also: 'line.skip.leave_out',
    });
    expect(step('toe_3_right', ['left.between_toes'])?.also).toBeUndefined();
  });

  it('is looked at like the rest', () => {
    expect(step('look_left', ['left.heel'])?.regions).toContain('heel');
  });
});

describe('a sore foot', () => {
  it('is left out whole, its looks too', () => {
    const left = withoutAreas(script, wholeFoot('right'));
    expect(left?.steps.filter(({ foot }) => foot === 'right')).toEqual([]);
    expect(left?.steps.find(({ key }) => key === 'wipe')?.line).toBe('line.skip.left_done');
    const right = withoutAreas(script, wholeFoot('left'));
    expect(right?.steps.find(({ key }) => key === 'palm_hold_right')?.line).toBe('line.skip.right_only');
  });

  it('and another one leave nothing', () => {
    expect(withoutAreas(script, [...allAreas])).toBeNull();
    expect(fittedScript({ script_id: 'S10', own: null }, allAreas, [])).toBeNull();
  });
});

describe('whatever is sore', () => {
  it('more of it never adds a step, lights no sore area, and the sum stays right', () => {
    for (const one of allAreas) {
      for (const other of allAreas) {
        const found = withoutAreas(script, [one, other]);
        expect(found?.total_seconds).toBe(found?.steps.reduce((sum, { seconds }) => sum + seconds, 0));
        expect(keys([one])).toEqual(expect.arrayContaining(keys([one, other])));
        for (const { kind, foot, regions: lit } of found?.steps ?? []) {
          if (kind !== 'look' && foot !== 'both') {
            expect(lit.filter((region) => [one, other].includes(`${foot}.${region}`))).toEqual([]);
          }
        }
      }
    }
  });

  it('an area that nobody knows leaves nothing', () => {
    expect(fittedScript({ script_id: 'S8', own: null }, ['left.elbow'], [])).toBeNull();
  });
});

it('with numb feet the points are pressed at 2 of 10, the rest as before', () => {
  const pressures = forFlags(script, ['light_points']).steps.map(({ technique, pressure }) => [technique, pressure]);
  expect(pressures.filter(([technique]) => technique === 'pressure_points').every(([, most]) => most === 2)).toBe(true);
  expect(pressures).toContainEqual(['kneading', 4]);
});

it('a place is carried over to the same step, or to the next that is left', () => {
  const to = withoutAreas(script, ['left.heel']);
  if (!to) throw new Error('nothing is left');
  const at = (key: string) => script.steps.findIndex((one) => one.key === key);
  const saved = {
    script_id: 'S10',
    step: at('knead_heel_left'),
    seconds_into_step: 7,
    seconds_done: 60,
    seconds_covered: script.steps.map((_, index) => (index < at('knead_heel_left') ? 5 : 0)),
    seconds_played: 60,
    started_at: null,
    saved_at: '2026-11-22T18:00:00Z',
    state: 'paused',
    paused_by: null,
  } as const;
  const over = carriedOver({ ...saved, seconds_covered: [...saved.seconds_covered] }, script, to);
  expect([to.steps[over.step]?.key, over.seconds_into_step]).toEqual(['knead_arch_left', 0]);
  expect(over.seconds_covered).toHaveLength(to.steps.length);
  const same = carriedOver({ ...saved, step: at('toe_2_left'), seconds_covered: [] }, script, to);
  expect([to.steps[same.step]?.key, same.seconds_into_step]).toEqual(['toe_2_left', 7]);
});
