/**
 * The weeks of the symptom diary: means, the week to compare with, and what the table decides on (brief §11). Pure; twin
 * of care/weeks.py, held to it by vectors. A day without a note is unknown, which is not zero.
 */
import { enoughDays } from '../components/mean';
import { addDays, daysBetween } from '../localtime';

export const WEEK_DAYS = 7;

/** What the diary says of one day. */
export interface Note {
  readonly on: string;
  readonly pain: number;
  readonly numbness: number | null;
}

/** A sum and how many days it is of: kept apart, so that limits are compared without rounding. */
export interface Mean {
  readonly total: number;
  readonly days: number;
}

/** Seven days with enough notes; numbness, which is optional, may have too few. */
export interface Week {
  readonly first: string;
  readonly pain: Mean;
  readonly numbness: Mean | null;
}

export type ChangeInputs = {
  pain: number;
  compared: 'yes' | 'no';
  pain_fall: number;
  pain_fall_percent: number;
  numbness_rise: number;
};

export const meanOfWeek = ({ total, days }: Mean): number => total / days;

/** The seven days from `first`; null where fewer than four have a note. */
export function weekOf(notes: readonly Note[], first: string): Week | null {
  const last = addDays(first, WEEK_DAYS - 1);
  const inside = notes.filter(({ on }) => on >= first && on <= last);
  const pain = meanOf(inside.map((note) => note.pain));
  const numbness = meanOf(inside.map((note) => note.numbness).filter((score) => typeof score === 'number'));
  return pain && { first, pain, numbness };
}

/** The week of the first massage; where that has too few notes, the first seven days that have four. */
export function baseline(notes: readonly Note[], firstMassage: string | null): Week | null {
  const week = firstMassage === null ? null : weekOf(notes, firstMassage);
  if (week) return week;
  const days = notes.map(({ on }) => on).sort();
  const first = days.find((on, at) => {
    const fourth = days[at + enoughDays - 1];
    return fourth !== undefined && daysBetween(on, fourth) < WEEK_DAYS;
  });
  return first === undefined ? null : weekOf(notes, first);
}

/** The last seven days, today included. */
export const thisWeek = (notes: readonly Note[], today: string): Week | null =>
  weekOf(notes, addDays(today, 1 - WEEK_DAYS));

/** What `symptom_change` decides on: this week, beside the baseline from week 2 on. */
export function changeInputs(week: Week, base: Week | null): ChangeInputs {
  const pain = meanOfWeek(week.pain);
  if (base === null || week.first < addDays(base.first, WEEK_DAYS))
    return { pain, compared: 'no', pain_fall: 0, pain_fall_percent: 0, numbness_rise: 0 };
  const before = base.pain.total * week.pain.days;
  const after = week.pain.total * base.pain.days;
  return {
    pain,
    compared: 'yes',
    pain_fall: fall(base.pain, week.pain),
    pain_fall_percent: before === 0 ? 0 : (100 * (before - after)) / before,
    numbness_rise: week.numbness && base.numbness ? fall(week.numbness, base.numbness) : 0,
  };
}

/** The mean of the seven days up to each of these days; null where they have too few notes. */
export function weeklyMeans(notes: readonly Note[], days: readonly string[]): (number | null)[] {
  const pains = new Map(notes.map(({ on, pain }) => [on, pain]));
  return days.map((day) => {
    const week = Array.from({ length: WEEK_DAYS }, (_, back) => pains.get(addDays(day, -back)));
    const mean = meanOf(week.filter((pain) => pain !== undefined));
    return mean && meanOfWeek(mean);
  });
}

function meanOf(values: readonly number[]): Mean | null {
  if (values.length < enoughDays) return null;
  return { total: values.reduce((sum, value) => sum + value, 0), days: values.length };
}

/** How much lower the other is. */
function fall(one: Mean, other: Mean): number {
  return (one.total * other.days - other.total * one.days) / (one.days * other.days);
}
