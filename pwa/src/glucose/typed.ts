/** What is wrong with a number that was typed, and what must be asked about it before it is kept (brief §9 "Accept"). */
import { limits, type Unit } from '../care/glucose';
import { numberOf } from './readings';

export type Doubt =
  /** Not a number. */
  | { say: 'not_a_number' }
  /** No meter shows it. */
  | { say: 'too_low' | 'too_high' }
  /** Rather the other unit. `low`: until that is known, it may be a very low sugar. */
  | { say: 'unit'; meant: Unit; low: boolean }
  /** Rarely right. */
  | { say: 'confirm' }
  | { say: 'fine' };

/** `sure`: the unit has been asked about; `confirmed`: the number has. */
export function doubtAbout(text: string, unit: Unit, { sure = false, confirmed = false } = {}): Doubt {
  const value = numberOf(text.trim());
  if (value === null) return { say: 'not_a_number' };
  const { from, to } = limits.accept[unit];
  const meant = unit === 'mg/dL' ? 'mmol/L' : 'mg/dL';
  const possible = value >= limits.accept[meant].from && value <= limits.accept[meant].to;
  const shown = value >= from && value <= to;
  if (!sure && (possible || shown) && looksLikeOther(value, unit)) {
    return { say: 'unit', meant, low: shown };
  }
  if (value < from) return { say: 'too_low' };
  if (value > to) return { say: 'too_high' };
  return value >= limits.confirm_from[unit] && !confirmed ? { say: 'confirm' } : { say: 'fine' };
}

function looksLikeOther(value: number, unit: Unit): boolean {
  return unit === 'mg/dL' ? value <= limits.unit_doubt[unit].at_most : value > limits.unit_doubt[unit].above;
}
