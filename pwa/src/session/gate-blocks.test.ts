/** What stands against a session: a block, and the last sugar reading while it is low. */
import { describe, expect, it } from 'vitest';
import type { Records } from '../store/records';
import { begin, offerOf, today } from '../testing/gate';
import { ago, reading } from '../testing/glucose';
import { block } from '../testing/records';

const rash = (areas: string[]) => block({ warning: 'skin_problem', level: 'within_days', areas });

describe('a block', () => {
  it('comes first, whatever the profile says', () => {
    expect(begin({ blocks: [block()], profile: null })).toMatchObject({ say: 'blocked', blocks: [{ id: 'b1' }] });
  });

  it('is over after an end that the rules allow', () => {
    const ok = {
      ended_at: '2026-11-22T17:00:00Z',
      end_reason: 'clinic_ok',
      clinician_name: 'Kim',
      clinician_on: today,
    } as const;
    expect(begin({ blocks: [block(ok)] }).say).toBe('choose');
    expect(begin({ blocks: [block({ ...ok, clinician_name: null })] }).say).toBe('blocked');
    expect(begin({ blocks: [block({ ...ok, end_reason: 'check_clear' })] }).say).toBe('blocked');
  });

  it('with its areas marked stops nothing and leaves them out', () => {
    const offer = offerOf({ blocks: [rash(['left.heel'])] });
    expect(offer.areas).toEqual(['left.heel']);
    expect(offer.techniques).not.toContain('warm_oil');
    expect(begin({ blocks: [rash([])] }).say).toBe('blocked');
    expect(begin({ blocks: [rash(['left.elbow'])] }).say).toBe('blocked');
    expect(begin({ blocks: [block({ areas: ['left.heel'] })] }).say).toBe('blocked');
  });

  it('of an older app, which knows no areas, blocks', () => {
    const { areas: _, ...old } = rash([]);
    expect(begin({ blocks: [old as Records['block']] }).say).toBe('blocked');
  });
});

describe('a low sugar reading', () => {
  const low = (minutes: number, value = '60') => ({ ...reading(value, minutes), id: 'g1' });

  it('stops a massage until a later one is fine or four hours have passed', () => {
    const gate = begin({ readings: [low(10)] });
    expect(gate).toMatchObject({ say: 'blocked', blocks: [{ id: 'g1', warning: 'low_sugar', level: null }] });
    expect(begin({ readings: [low(10), reading('110', 1)] }).say).toBe('choose');
    expect(begin({ readings: [low(240)] }).say).toBe('choose');
    expect(begin({ readings: [low(10, '70')] }).say).toBe('choose');
  });

  it('and not any more once somebody felt well 15 minutes later; the next one stops it again', () => {
    const told = block({ id: 'g1', warning: 'low_sugar', level: null, started_at: ago(30) });
    const well = { ...told, ended_at: ago(5), end_reason: 'felt_well' as const };
    expect(begin({ readings: [low(30)], blocks: [well] }).say).toBe('choose');
    expect(begin({ readings: [low(30), reading('58', 2)], blocks: [well] }).say).toBe('blocked');
  });

  it('is told once where a check has told of low sugar already', () => {
    const told = block({ warning: 'low_sugar', level: null, started_at: ago(20) });
    const gate = begin({ readings: [low(10)], blocks: [told] });
    expect(gate).toMatchObject({ say: 'blocked', blocks: [{ id: 'b1' }] });
  });
});
