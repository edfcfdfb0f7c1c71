/** What a stop and changed skin tell, and how often. */
import { describe, expect, it } from 'vitest';
import { sheetOf, tell } from '../triage/tell';
import { newDraft, type SessionDraft } from './draft';
import { stopOf, toTell } from './stop';

const at = '2026-11-22T18:10:00.000Z';

function draft(changes: Partial<SessionDraft> = {}): SessionDraft {
  const made = { id: 'one', on: '2026-11-22', script_id: 'S8', occurrence_id: null, helper: false, own: null };
  return { ...newDraft({ ...made, decision: null, profile_decision: null, areas_skipped: [], at }), ...changes };
}

const told = (answers: Record<string, 'yes' | 'no' | 'not_sure'>) =>
  tell(sheetOf(answers), [], { on: '2026-11-22', at: new Date(at), newId: () => 'new', about: 'one' });

describe('what is told', () => {
  it('is nothing while nothing was wrong', () => {
    for (const stop_reason of [null, 'enough', 'interrupted', 'other', 'pain', 'unwell'] as const)
      expect(toTell(draft({ stop_reason }), 'yes')).toBeNull();
    expect(toTell(draft(), null)).toBeNull();
  });

  it('is an open sore after blood, which blocks', () => {
    const answers = toTell(draft({ stop_reason: 'bleeding' }), null);
    expect(answers).toEqual({ open_sore: 'yes' });
    const { event, blocks } = told({ ...answers, confused_with_sore: 'no' });
    expect(event).toMatchObject({ id: 'one', level: 'same_day', signs: ['open_sore'] });
    expect(blocks).toMatchObject([{ warning: 'open_sore', level: 'same_day' }]);
  });

  it('is a new colour when the skin looks different, and unsure stays unsure', () => {
    expect(toTell(draft({ stop_reason: 'skin' }), null)).toEqual({ colour_change: 'yes' });
    expect(toTell(draft(), 'no')).toEqual({ colour_change: 'yes' });
    expect(toTell(draft(), 'not_sure')).toEqual({ colour_change: 'not_sure' });
    expect(told({ colour_change: 'yes', pale_or_black: 'no' }).event.level).toBe('same_day');
    expect(told({ colour_change: 'yes', pale_or_black: 'not_sure' })).toMatchObject({
      event: { level: 'emergency' },
      blocks: [{ warning: 'cold_or_discoloured' }],
    });
  });

  it('is told once, and more of it with what was said before', () => {
    const once = { answers: { colour_change: 'yes' as const, pale_or_black: 'no' as const }, level: null };
    expect(toTell(draft({ stop_reason: 'skin', told: once }), 'no')).toBeNull();
    const bled = { answers: { open_sore: 'yes' as const, confused_with_sore: 'no' as const }, level: null };
    expect(toTell(draft({ stop_reason: 'bleeding', told: bled }), 'no')).toEqual({
      open_sore: 'yes',
      confused_with_sore: 'no',
      colour_change: 'yes',
    });
  });
});

it('who feels unwell is asked to check the sugar unless the profile says that it cannot be low', () => {
  const unwell = draft({ stop_reason: 'unwell' });
  expect(stopOf(unwell, null).check_sugar).toBe(true);
  expect(stopOf(unwell, null, { low_sugar_medicine: 'yes' }).check_sugar).toBe(true);
  expect(stopOf(unwell, null, { low_sugar_medicine: 'no' }).check_sugar).toBe(false);
  expect(stopOf(draft({ stop_reason: 'pain' }), null).check_sugar).toBe(false);
});
