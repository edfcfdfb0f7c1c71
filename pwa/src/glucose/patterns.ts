/** What the decided readings ask for: an answer, another check, a call, a visit. Pure. */
import type { Level } from '../care/decisions';
import { type Label, limits } from '../care/glucose';
import { stricter } from '../care/triage';
import { addDays } from '../localtime';
import { type Known, outcomeOf } from './decide';
import { at, isLow, lastReading, newestFirst, type Reading } from './readings';
import { doubtAbout } from './typed';

const MINUTE = 60_000;
const WEEK = 7;
const DAY_MINUTES = 24 * 60;
const { minutes } = limits;
const aboveTarget: readonly Label[] = ['above_target', 'high', 'very_high', 'extremely_high'];

/** A number that may be a very low sugar or one in the other unit, and nobody has said yet which. */
export function isDoubtful({ value, unit, confirmed }: Reading): boolean {
  if (value === null || confirmed) return false;
  const doubt = doubtAbout(value, unit);
  return doubt.say === 'unit' && doubt.low;
}

/** When the last reading is to be checked again; null when it need not be, or when that was long ago. */
export function recheckDue(known: Known, now: Date): Date | null {
  const last = lastReading(known.readings, now);
  const wait = last && outcomeOf(last, known).recheck;
  if (!last || !wait) return null;
  const due = at(last) + wait * MINUTE;
  return now.getTime() <= due + minutes.hi_again * MINUTE ? new Date(due) : null;
}

/** What the last reading says to call for, for four hours or until another says otherwise. */
export function urgentReading(known: Known, now: Date): { reading: Reading; level: 'emergency' | 'same_day' } | null {
  const last = lastReading(known.readings, now);
  if (!last || now.getTime() - at(last) >= minutes.low_counts * MINUTE) return null;
  const { level } = outcomeOf(last, known);
  return level === 'emergency' || level === 'same_day' ? { reading: last, level } : null;
}

export interface Pattern {
  glucose_level: Level | null;
  lows_a_week: number;
  days_above_target: number;
}

/**
 * What the diary says about a visit (brief §14). An urgent reading counts for a day; an emergency only while it is the
 * last word and fresh, later it is a call today.
 */
export function pattern({ me, readings }: Known, now: Date, today: string): Pattern {
  const known = newestFirst(readings).filter((reading) => at(reading) <= now.getTime() + MINUTE);
  const week = known.filter(({ on }) => on > addDays(today, -WEEK));
  const above = week.filter((reading) => aboveTarget.includes(outcomeOf(reading, { me, readings: [] }).label));
  const level = known.reduce<Level | null>((strictest, reading, index) => {
    const age = (now.getTime() - at(reading)) / MINUTE;
    const own = age < DAY_MINUTES ? outcomeOf(reading, { me, readings: known }).level : null;
    const fresh = index === 0 && age < minutes.low_counts;
    return stricter(strictest, own === 'emergency' && !fresh ? 'same_day' : own);
  }, null);
  return {
    glucose_level: level,
    lows_a_week: lowsIn(week, me.region),
    days_above_target: new Set(above.map(({ on }) => on)).size,
  };
}

/** A low with its rechecks is one low: until a reading at or above, or until it no longer counts. Newest first. */
function lowsIn(week: readonly Reading[], region: string): number {
  let lows = 0;
  let last = Number.NEGATIVE_INFINITY;
  let between = false;
  for (const reading of week.toReversed()) {
    if (!isLow(reading, region)) {
      between = true;
      continue;
    }
    const gap = at(reading) - last;
    if (gap > (between ? minutes.episode : minutes.low_counts) * MINUTE) lows += 1;
    last = at(reading);
    between = false;
  }
  return lows;
}
