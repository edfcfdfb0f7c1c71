/** A reminder while it is being set: what the form holds, what is still wrong with it, and the record it becomes. */
import type { Records } from '../store/store';
import { t } from '../text';
import { neverComes, type Reminder, type Rule } from './recurrence';

export type Kind = Reminder['kind'];
export type Meal = Reminder['meal_contexts'][string];
/** Every day is a choice of its own, and kept as all seven days of the week. */
export type Days = 'every_day' | Reminder['repeat'];

export interface Draft {
  kind: Kind;
  text: string;
  days: Days;
  weekdays: number[];
  /** How many, for each of the two ways to count days. */
  every: { every_n_days: number; times_a_week: number };
  times: { at: string; meal: Meal | '' }[];
  starts_on: string;
  ends_on: string;
}

/** What a sugar check may be asked for ahead; a reading when unwell has no time of day. */
export const meals: readonly Meal[] = ['fasting', 'before_meal', 'after_meal', 'bedtime', 'exercise'];

export const isEveryDay = ({ repeat, every, weekdays }: Pick<Rule, 'repeat' | 'every' | 'weekdays'>): boolean =>
  repeat === 'weekdays' ? weekdays.length === 7 : every === (repeat === 'every_n_days' ? 1 : 7);

const allDays = [1, 2, 3, 4, 5, 6, 7];
const usualTime: Partial<Record<Kind, string>> = { foot_check: '20:00', glucose: '07:00', shoe_check: '08:00' };

export function newDraft(kind: Kind, today: string): Draft {
  return {
    kind,
    text: '',
    days: 'every_day',
    weekdays: [],
    every: { every_n_days: 2, times_a_week: 3 },
    times: [{ at: usualTime[kind] ?? '19:00', meal: kind === 'glucose' ? 'fasting' : '' }],
    starts_on: today,
    ends_on: '',
  };
}

export function draftOf(reminder: Reminder): Draft {
  const { kind, repeat, every, weekdays, meal_contexts } = reminder;
  const fresh = newDraft(kind, reminder.starts_on);
  return {
    ...fresh,
    text: reminder.text ?? '',
    days: isEveryDay(reminder) ? 'every_day' : repeat,
    weekdays: [...weekdays],
    every: every !== null && repeat !== 'weekdays' ? { ...fresh.every, [repeat]: every } : fresh.every,
    times: reminder.times.map((at) => ({ at, meal: meal_contexts[at] ?? '' })),
    ends_on: reminder.ends_on ?? '',
  };
}

/** The rule as far as it is filled in: a time that is empty or stands twice is left out. */
export function ruleOf({ days, weekdays, every, times, starts_on, ends_on }: Draft): Rule {
  const common = { times: [...new Set(times.map(({ at }) => at))].filter(Boolean).sort(), starts_on };
  const rule = { ...common, ends_on: ends_on || null, every: null };
  if (days === 'every_day') return { ...rule, repeat: 'weekdays', weekdays: allDays };
  if (days === 'weekdays') return { ...rule, repeat: days, weekdays };
  return { ...rule, repeat: days, weekdays: [], every: every[days] };
}

/** What keeps the draft from being saved, by the name of the field; a time is `time-0`. */
export function problemsOf(draft: Draft): Record<string, string> {
  const { kind, text, days, weekdays, times, starts_on, ends_on } = draft;
  const found: Record<string, string> = {};
  if (kind === 'own' && text.trim() === '') found.text = t('reminder.need.text');
  if (days === 'weekdays' && weekdays.length === 0) found.weekdays = t('reminder.need.weekdays');
  for (const [index, { at }] of times.entries()) {
    if (at === '') found[`time-${index}`] = t('reminder.need.time');
    else if (times.findIndex((other) => other.at === at) < index)
      found[`time-${index}`] = t('reminder.need.other_time');
  }
  if (starts_on === '') found.starts_on = t('reminder.need.starts_on');
  else if (ends_on !== '' && ends_on < starts_on) found.ends_on = t('reminder.need.ends_on');
  else if (!found.weekdays && neverComes(ruleOf(draft))) found.ends_on = t('reminder.need.never');
  return found;
}

/** The draft as a record; what the form does not show of `before` stays as it was. */
export function reminderOf(draft: Draft, id: string, before: Records['reminder'] | null): Reminder {
  const asked = draft.times.flatMap(({ at, meal }) => (draft.kind === 'glucose' && meal ? [[at, meal] as const] : []));
  return {
    ...before,
    ...ruleOf(draft),
    id,
    kind: draft.kind,
    text: draft.kind === 'own' ? draft.text.trim() : null,
    meal_contexts: Object.fromEntries(asked),
    active: before?.active ?? true,
  };
}
