/** The weeks of the diary: the same answers as Python gives, and what only the phone shows. */
import { describe, expect, it } from 'vitest';
import { evaluateSymptoms } from '../care/symptoms';
import { addDays } from '../localtime';
import { readVectors } from '../testing/vectors';
import { baseline, type ChangeInputs, changeInputs, meanOfWeek, type Note, thisWeek, weeklyMeans } from './weeks';

const vectors = readVectors<{
  weeks: {
    notes: Note[];
    first_massage: string | null;
    today: string;
    base: string | null;
    inputs: ChangeInputs | null;
    change: string | null;
  }[];
}>();

const start = '2026-11-01';
const notes = (from: number, ...pains: number[]): Note[] =>
  pains.map((pain, at) => ({ on: addDays(start, from - 1 + at), pain, numbness: null }));

describe('a week of the diary', () => {
  it('is what Python makes of it', () => {
    expect(new Set(vectors.weeks.map(({ change }) => change)).size).toBe(7);
    for (const { notes: diary, first_massage, today, base, inputs, change } of vectors.weeks) {
      const [week, first] = [thisWeek(diary, today), baseline(diary, first_massage)];
      const found = week && changeInputs(week, first);
      expect([first?.first ?? null, found], JSON.stringify([diary, first_massage, today])).toEqual([base, inputs]);
      expect(found && evaluateSymptoms(found).change).toBe(change);
    }
  });

  it('is compared from the second week on', () => {
    const diary = [...notes(1, 6, 6, 6, 6, 6, 6, 6), ...notes(8, 4, 4, 4, 4, 4, 4, 4)];
    const on = (day: number) => {
      const week = thisWeek(diary, addDays(start, day - 1));
      return week && evaluateSymptoms(changeInputs(week, baseline(diary, start))).change;
    };
    expect([on(3), on(7), on(13), on(14)]).toEqual([null, 'not_compared', 'not_compared', 'meaningful']);
  });
});

describe('the line of weekly means', () => {
  it('is of the seven days up to each day, and open where there are too few notes', () => {
    const diary = notes(1, 2, 4, 6, 8);
    const days = [3, 4, 7, 8].map((day) => addDays(start, day - 1));
    expect(weeklyMeans(diary, days)).toEqual([null, 5, 5, null]);
  });

  it('is the same as the week itself', () => {
    for (const { notes: diary, today } of vectors.weeks.slice(0, 300)) {
      const week = thisWeek(diary, today);
      expect(weeklyMeans(diary, [today])).toEqual([week && meanOfWeek(week.pain)]);
    }
  });
});
