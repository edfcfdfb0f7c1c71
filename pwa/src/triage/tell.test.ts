/** From what was tapped to what is kept. */
import { expect, it } from 'vitest';
import { signs } from '../care/triage';
import { tell } from './tell';

const no = Object.fromEntries([...signs, 'worried'].map((name) => [name, 'no' as const]));
const ids = [...Array(99).keys()].map((n) => `id${n + 1}`);
const when = { on: '2026-11-22', at: new Date('2026-11-22T08:00:00Z'), newId: () => ids.shift() ?? 'spent' };

it('a red flag makes one event and the block of the check before a session', () => {
  const { event, blocks } = tell({ ...no, open_sore: 'yes', confused_with_sore: 'no' }, [], when);
  expect(event).toMatchObject({ level: 'same_day', signs: ['open_sore'], worried: false, action: null });
  expect(blocks).toHaveLength(1);
  expect(blocks[0]).toMatchObject({ warning: 'open_sore', level: 'same_day', ended_at: null });
});

it('a block that stands already is not made twice; a more urgent one is', () => {
  const { blocks: standing } = tell({ ...no, pus_or_smell: 'yes', ill_with_pus: 'no' }, [], when);
  expect(tell({ ...no, pus_or_smell: 'yes', ill_with_pus: 'no' }, standing, when).blocks).toEqual([]);
  expect(tell({ ...no, pus_or_smell: 'yes', ill_with_pus: 'yes' }, standing, when).blocks).toHaveLength(1);
});

it('a shoe that rubs is told and blocks nothing', () => {
  const { event, blocks } = tell({ ...no, shoe_rubbing: 'not_sure' }, [], when);
  expect(event).toMatchObject({ level: 'within_days', signs: ['shoe_rubbing'] });
  expect(blocks).toEqual([]);
});

it('an answer that is missing is the strictest', () => {
  const { open_sore: _, ...missing } = no;
  expect(tell(missing, [], when).event.level).toBe('emergency');
});
