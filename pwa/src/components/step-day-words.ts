/** The page of one day's steps in words: who said what, and what changed. */
import { daysBetween } from '../localtime';
import type { StepChange, StepSources } from '../online/step-days';
import type { Records } from '../store/records';
import { findText, number, t } from '../text';
import type { Source } from './sources';

type Day = Records['step_count'];
type Name = (source: Source) => string;

/** The day that an address asks for; today for one that is none, or that is still to come. */
export function dayAsked(rest: string, today: string): string {
  const day = /^\d{4}-\d\d-\d\d$/.test(rest) && !Number.isNaN(Date.parse(rest));
  return day && daysBetween(rest, today) >= 0 ? rest : today;
}

/** Null for a day that is whole. */
export function partWords({ on, is_partial }: Pick<Day, 'on' | 'is_partial'>, today: string): string | null {
  return is_partial ? t(on === today ? 'step_day.so_far' : 'step_day.part') : null;
}

/** What the sources said that do not count, the largest first. */
export function otherWords({ counts }: Pick<Day, 'counts'>, name: Name): string[] {
  return counts
    .filter(({ counted }) => !counted)
    .sort((a, b) => b.steps - a.steps)
    .map((count) =>
      t(count.is_partial ? 'step_day.other.part' : 'step_day.other', { source: name(count), n: count.steps }),
    );
}

/** A change of a kind that this app does not know is told by its number alone. */
export function changeWords(change: StepChange, name: Name): string {
  const { why, before, after } = change;
  const said = (steps: number | null) => number(steps ?? 0);
  const values = { source: name(change), before: said(before), after: said(after) };
  const key = why === 'typed' && before !== null ? 'typed_again' : why;
  return findText(`step_day.why.${key}`, values) ?? t('step_day.why.first', values);
}

/** The tiles of "Which one counts?"; the empty value is the usual rule. */
export function sourceTiles(
  { known }: StepSources,
  name: Name,
  day: (on: string) => string,
): { value: string; label: string; hint: string }[] {
  const usual = { value: '', label: t('step_day.which.usual'), hint: t('step_day.which.usual.hint') };
  const tile = (item: StepSources['known'][number]) => ({
    value: item.source,
    label: name(item),
    hint: t('step_day.which.last', { day: day(item.last_on) }),
  });
  return [usual, ...known.map(tile)];
}
