/** Sugar readings day by day, as a chart shows them: all in one unit, which is for showing alone. Pure. */
import type { Unit } from '../care/glucose';
import { inOtherUnit, numberOf, type Reading } from './readings';

/** The axis never ends below this, so that the target always lies in it. */
const LEAST_TOP: Record<Unit, number> = { 'mg/dL': 200, 'mmol/L': 12 };

/** Oldest first. */
export function byDay(readings: readonly Reading[]): Map<string, Reading[]> {
  const days = new Map<string, Reading[]>();
  const inOrder = [...readings].sort((a, b) => Date.parse(a.recorded_at) - Date.parse(b.recorded_at));
  for (const reading of inOrder) days.set(reading.on, [...(days.get(reading.on) ?? []), reading]);
  return days;
}

/** How high a reading stands in the unit of the chart; null for LO and HI, which have no number. */
export function heightOf({ value, unit }: Pick<Reading, 'value' | 'unit'>, shown: Unit): number | null {
  const typed = numberOf(value);
  if (typed === null) return null;
  return unit === shown ? typed : inOtherUnit(typed, unit).value;
}

/** LO stands at the lower edge and HI at the upper one. */
export function placeOf(reading: Reading, shown: Unit, top: number): number {
  return heightOf(reading, shown) ?? (reading.special === 'HI' ? top : 0);
}

export function highest(readings: readonly Reading[], shown: Unit): number {
  return Math.max(LEAST_TOP[shown], ...readings.map((reading) => heightOf(reading, shown) ?? 0));
}
