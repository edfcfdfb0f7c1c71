/** Sugar readings as the patient's diary has them: what they say, what came before, what is due, which pattern there is. */
import { isLowReading, type Level } from '../care/decisions';
import { evaluateGlucose, type GlucoseOutcome, type Label, limits, type Unit } from '../care/glucose';
import { stricter } from '../care/triage';
import { addDays } from '../localtime';
import type { Records } from '../store/records';

export type Reading = Records['glucose_reading'];

const MINUTE = 60_000;
const WEEK = 7;
const DAY_MINUTES = 24 * 60;
const { minutes } = limits;
const aboveTarget: readonly Label[] = ['above_target', 'high', 'very_high', 'extremely_high'];

/** What was typed, as a number; null for anything but a plain number with a point or a comma. */
export function numberOf(text: string | null): number | null {
  return text !== null && /^\d{1,4}([.,]\d{1,2})?$/.test(text) ? Number(text.replace(',', '.')) : null;
}

/** The same in the other unit, to show and never to compare: mg/dL whole, mmol/L to one place. */
export function inOtherUnit(value: number, unit: Unit): { value: number; unit: Unit } {
  const factor = limits.display_factor;
  return unit === 'mg/dL'
    ? { value: Math.round((value / factor) * 10) / 10, unit: 'mmol/L' }
    : { value: Math.round(value * factor), unit: 'mg/dL' };
}

export function isLow(reading: Reading, region: string): boolean {
  if (reading.special !== null) return reading.special === 'LO';
  return isLowReading(numberOf(reading.value) ?? 0, reading.unit, region);
}

/** What was decided when it was kept; of a reading that came without a decision, what its number alone says. */
export function outcomeOf(reading: Reading, region: string): Pick<GlucoseOutcome, 'label' | 'level' | 'recheck'> {
  const { label, level, recheck } = (reading.decision?.outcome ?? {}) as Partial<GlucoseOutcome>;
  if (label !== undefined && level !== undefined && recheck !== undefined) return { label, level, recheck };
  const { special, value, unit } = reading;
  const found = evaluateGlucose({ special: special ?? 'none', value: numberOf(value), unit, region, context: 'other' });
  return { label: found.label, level: null, recheck: null };
}

const at = ({ recorded_at }: Reading) => Date.parse(recorded_at);

export const newestFirst = (readings: readonly Reading[]): Reading[] => [...readings].sort((a, b) => at(b) - at(a));

/** The last reading until now; one from ahead, of a phone whose clock was wrong, is none. */
export function lastReading(readings: readonly Reading[], now: Date): Reading | null {
  return newestFirst(readings).find((reading) => at(reading) <= now.getTime() + MINUTE) ?? null;
}

/** The low reading that no massage may start with: the last one, under four hours old (brief §2.2 G10). */
export function lowNow(readings: readonly Reading[], region: string, now: Date): Reading | null {
  const last = lastReading(readings, now);
  if (last === null || !isLow(last, region)) return null;
  return now.getTime() - at(last) < minutes.low_counts * MINUTE ? last : null;
}

export interface History {
  /** Rounds of treating that did not help: low before, and low again. */
  rounds: number;
  high_for_an_hour: 'yes' | 'no';
  hi_again: 'yes' | 'no';
}

/** What the readings before a moment say about one of that moment. */
export function historyAt(readings: readonly Reading[], moment: Date, region: string): History {
  const before = newestFirst(readings).filter((reading) => at(reading) < moment.getTime());
  const age = (reading: Reading) => (moment.getTime() - at(reading)) / MINUTE;
  const label = (reading: Reading) => outcomeOf(reading, region).label;

  let rounds = 0;
  let counted = moment.getTime();
  let later = moment.getTime();
  for (const reading of before) {
    if (!isLow(reading, region) || later - at(reading) > minutes.episode * MINUTE) break;
    later = at(reading);
    if (counted - later < minutes.round * MINUTE) continue;
    rounds += 1;
    counted = later;
  }

  const calm = before.findIndex((reading) => !['very_high', 'extremely_high'].includes(label(reading)));
  const high = calm === -1 ? before : before.slice(0, calm);
  const anHour = high.some((one) => age(one) >= minutes.hour_from && age(one) <= minutes.hour_until);
  const [last] = before;
  const again = last !== undefined && label(last) === 'extremely_high' && age(last) <= minutes.hi_again;
  return { rounds, high_for_an_hour: anHour ? 'yes' : 'no', hi_again: again ? 'yes' : 'no' };
}

/** When the last reading is to be checked again; null when it need not be, or when that was long ago. */
export function recheckDue(readings: readonly Reading[], region: string, now: Date): Date | null {
  const last = lastReading(readings, now);
  const wait = last && outcomeOf(last, region).recheck;
  if (!last || !wait) return null;
  const due = at(last) + wait * MINUTE;
  return now.getTime() <= due + minutes.hi_again * MINUTE ? new Date(due) : null;
}

export interface Pattern {
  glucose_level: Level | null;
  lows_a_week: number;
  days_above_target: number;
}

/**
 * What the diary says about a visit (brief §14). Rechecks of one low are one low. An urgent reading counts for a day; an
 * emergency only while it is the last word and fresh, later it is a call today.
 */
export function pattern(readings: readonly Reading[], region: string, now: Date, today: string): Pattern {
  const known = newestFirst(readings).filter((reading) => at(reading) <= now.getTime() + MINUTE);
  const week = known.filter(({ on }) => on > addDays(today, -WEEK));
  const lows = week.filter((reading) => isLow(reading, region)).map(at);
  const episodes = lows.filter(
    (low, index) => (lows[index - 1] ?? Number.POSITIVE_INFINITY) - low > minutes.episode * MINUTE,
  );
  const above = week.filter((reading) => aboveTarget.includes(outcomeOf(reading, region).label));
  const level = known.reduce<Level | null>((strictest, reading, index) => {
    const age = (now.getTime() - at(reading)) / MINUTE;
    const own = age < DAY_MINUTES ? outcomeOf(reading, region).level : null;
    const fresh = index === 0 && age < minutes.low_counts;
    return stricter(strictest, own === 'emergency' && !fresh ? 'same_day' : own);
  }, null);
  return {
    glucose_level: level,
    lows_a_week: episodes.length,
    days_above_target: new Set(above.map(({ on }) => on)).size,
  };
}
