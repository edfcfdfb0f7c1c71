/** Blocks that a foot check puts up, and what ends them. */
import { describe, expect, it } from 'vitest';
import { stillBlocks } from '../care/blocks';
import { decideSession } from '../care/decisions';
import { sessionGate } from '../care/tables';
import { blocksOf, byUrgency, endable, ended, strictestLevel } from './blocks';

const at = '2026-11-22T18:00:00.000Z';
const later = (minutes: number) => new Date(Date.parse(at) + minutes * 60_000);
const none = Object.fromEntries(
  sessionGate.inputs.filter((input) => input.after === undefined).map(({ name }) => [name, 'no']),
);

function blocks(...yes: string[]) {
  const answers = { ...none, ...Object.fromEntries(yes.map((name) => [name, 'yes'])) };
  let count = 0;
  return blocksOf(
    decideSession({ ...answers, dark_spot: 'no', ill_with_pus: 'no' }),
    '2026-11-22',
    at,
    () => `b${++count}`,
  );
}

describe('a foot check', () => {
  it('with nothing found puts up no block', () => {
    expect(blocks()).toEqual([]);
  });

  it('puts up one block for each warning, with the whole check as reason', () => {
    const made = blocks('open_sore', 'low_sugar');
    expect(made.map(({ warning, level }) => [warning, level])).toEqual([
      ['open_sore', 'same_day'],
      ['low_sugar', null],
    ]);
    expect(made[0]?.decision?.inputs).toMatchObject({ open_sore: 'yes', low_sugar: 'yes', rest_pain: 'no' });
  });

  it('is told by its most urgent level, low sugar before what can wait', () => {
    expect(strictestLevel(blocks('skin_problem', 'cold_or_discoloured'))).toBe('emergency');
    expect(byUrgency(blocks('drunk_or_sleepy', 'low_sugar', 'open_sore')).map(({ warning }) => warning)).toEqual([
      'low_sugar',
      'open_sore',
      'drunk_or_sleepy',
    ]);
    expect(byUrgency(blocks('low_sugar', 'cold_or_discoloured'))[0]?.warning).toBe('cold_or_discoloured');
  });
});

describe('a block ends', () => {
  it('with the name and the day of who said OK', () => {
    const [block] = endable(blocks('open_sore'), 'clinic_ok', later(60));
    const over = block && ended(block, 'clinic_ok', later(60).toISOString(), { name: ' Kim ', on: '2026-11-22' });
    expect(over).toMatchObject({ clinician_name: 'Kim', end_reason: 'clinic_ok' });
    expect(over && stillBlocks(over, later(60))).toBe(false);
  });

  it('not by a clear check when the clinic must say so', () => {
    expect(endable(blocks('open_sore', 'skin_problem'), 'check_clear', later(1)).map(({ warning }) => warning)).toEqual(
      ['skin_problem'],
    );
  });

  it('after low sugar when 15 minutes have passed, not before', () => {
    expect(endable(blocks('low_sugar'), 'felt_well', later(14))).toEqual([]);
    expect(endable(blocks('low_sugar'), 'felt_well', later(15))).toHaveLength(1);
    expect(endable(blocks('low_sugar'), 'reading_ok', later(0))).toHaveLength(1);
  });
});
