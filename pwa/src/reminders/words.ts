/** A reminder in words: what it is, when it comes, and what becomes of a moment. */
import { addDays, formatLocalTime, formatTime, formatWeekday, localDate } from '../localtime';
import { findText, locale, t } from '../text';
import { isEveryDay } from './form';
import type { Moment, Reminder } from './recurrence';
import type { Fate } from './sending';

export const nameOf = ({ kind, text }: Pick<Reminder, 'kind' | 'text'>): string =>
  text ?? findText(`reminder.kind.${kind}`) ?? t('reminder.kind.own');

/** "Every day at 7:00 AM, before breakfast". */
export function whenWords(reminder: Reminder): string {
  const times = [...reminder.times].sort().map((at) => {
    const time = formatLocalTime(at, locale());
    const meal = findText(`glucose.context.${reminder.meal_contexts[at]}`);
    return meal ? t('reminder.time_and_meal', { time, meal: within(meal) }) : time;
  });
  return t('reminder.when', { days: daysWords(reminder), times: times.join(' · ') });
}

function daysWords(reminder: Reminder): string {
  const { repeat, weekdays } = reminder;
  const n = reminder.every ?? 1;
  if (isEveryDay(reminder)) return t('reminder.days.every_day');
  if (repeat === 'weekdays')
    return list(
      [...weekdays].sort().map((day) => formatWeekday(day, locale(), weekdays.length > 2 ? 'short' : 'long')),
    );
  return repeat === 'every_n_days' ? t('reminder.every_n_days', { n }) : t('reminder.times_a_week', { n });
}

/** "Mon, Wed, Fri". */
const list = (words: string[]): string => new Intl.ListFormat(locale(), { type: 'unit', style: 'short' }).format(words);

/** A name of its own, in the middle of a sentence. */
const within = (words: string): string => words.charAt(0).toLocaleLowerCase(locale()) + words.slice(1);

/** What the list of moments says beside one; null where a message comes at its time. */
export function fateWords(fate: Fate, { at, on }: Pick<Moment, 'at' | 'on'>, zone: string): string | null {
  if ('not_sent' in fate) return t(`reminder.fate.${fate.not_sent}`);
  if (fate.sent.getTime() === at.getTime()) return null;
  const time = formatTime(fate.sent, zone, locale());
  return t(localDate(fate.sent, zone) === on ? 'reminder.fate.later' : 'reminder.fate.next_day', { time });
}

/** "Today", "Tomorrow", or the day as `name` writes it. */
export function dayWords(on: string, today: string, name: (on: string) => string): string {
  if (on === today) return t('reminder.today');
  return on === addDays(today, 1) ? t('reminder.tomorrow') : name(on);
}
