/** What changed about a day of steps, in words. */
import type { StepChange } from '../online/step-day';
import { number, t } from '../text';
import type { Source } from './sources';

export function changeWords(change: StepChange, name: (source: Source) => string): string {
  const source = name(change);
  const n = number(change.after ?? 0);
  const before = number(change.before ?? 0);
  switch (change.why) {
    case 'first':
      return t('step_day.why.first', { source, n });
    case 'more':
      return t('step_day.why.more', { source, before, n });
    case 'corrected':
      return t('step_day.why.corrected', { source, before, n });
    case 'settled':
      return t('step_day.why.settled', { source, n });
    case 'removed_at_source':
      return t('step_day.why.removed_at_source', { source, before });
    case 'typed':
      return change.before === null ? t('step_day.why.typed', { n }) : t('step_day.why.typed_again', { before, n });
    case 'typed_removed':
      return t('step_day.why.typed_removed', { before });
    case 'choice':
      return t('step_day.why.choice', { source, n });
    default: // a newer server
      return t('step_day.why.other', { source, n });
  }
}
