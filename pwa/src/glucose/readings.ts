/** Sugar readings as the patient's diary has them: what they say, and what came before. */
import { isLowReading } from '../care/decisions';
import { evaluateGlucose, type Label, limits, type Unit } from '../care/glucose';
import type { Records } from '../store/records';

export type Reading = Records['glucose_reading'];

const MINUTE = 60_000;
const { minutes } = limits;

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

/** What the number is called at any time of the day, whatever was decided with it. */
function labelOf({ special, value, unit }: Reading, region: string): Label {
  return evaluateGlucose({ special: special ?? 'none', value: numberOf(value), unit, region, context: 'other' }).label;
}

export const at = ({ recorded_at }: Reading) => Date.parse(recorded_at);

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
  const label = (reading: Reading) => labelOf(reading, region);

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

  let highSince = moment.getTime();
  for (const reading of before) {
    if (!['very_high', 'extremely_high'].includes(label(reading))) break;
    if (highSince - at(reading) > minutes.high_gap * MINUTE) break;
    highSince = at(reading);
  }
  const anHour = moment.getTime() - highSince >= minutes.hour_from * MINUTE;
  const [last] = before;
  const again = last !== undefined && label(last) === 'extremely_high' && age(last) <= minutes.hi_again;
  return { rounds, high_for_an_hour: anHour ? 'yes' : 'no', hi_again: again ? 'yes' : 'no' };
}
