/** Skin temperatures as they are typed, and as they are kept. */
import { feet, type Reading, type Unit } from '../care/feet';

/** By spot, as it stands in the two fields. */
export type Typed = Record<string, { left: string; right: string }>;

export type Wrong = 'bad' | 'other_unit';

export interface ReadTemperatures {
  readings: Reading[];
  /** By the name of the field, `heel.left`. */
  errors: Record<string, Wrong>;
}

const SIDES = ['left', 'right'] as const;

/** Only spots with a number at least on one foot are readings. */
export function readTemperatures(typed: Typed, unit: Unit): ReadTemperatures {
  const errors: Record<string, Wrong> = {};
  const readings: Reading[] = [];
  for (const spot of feet.spots) {
    const fields = typed[spot] ?? { left: '', right: '' };
    const found: { left: number | null; right: number | null } = { left: null, right: null };
    for (const side of SIDES) {
      const read = readDegrees(fields[side], unit);
      if (typeof read === 'string') errors[`${spot}.${side}`] = read;
      else found[side] = read;
    }
    if (found.left !== null || found.right !== null) readings.push({ spot, ...found });
  }
  return { readings, errors };
}

/** Null for an empty field; one digit after the point at most, as thermometers show it. */
export function readDegrees(text: string, unit: Unit): number | null | Wrong {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (!/^[0-9]{1,3}([.,][0-9])?$/.test(trimmed)) return 'bad';
  const value = Number(trimmed.replace(',', '.'));
  if (fits(value, unit)) return value;
  return fits(value, unit === 'C' ? 'F' : 'C') ? 'other_unit' : 'bad';
}

function fits(value: number, unit: Unit): boolean {
  const { least, most } = feet.temperature[unit];
  return value >= least && value <= most;
}

export function typedOf(readings: readonly Reading[]): Typed {
  const words = (value: number | null) => (value === null ? '' : String(value));
  return Object.fromEntries(
    readings.map(({ spot, left, right }) => [spot, { left: words(left), right: words(right) }]),
  );
}
