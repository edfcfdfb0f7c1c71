/** What a day of steps counts as on this phone, until the server has said it; the rule is the server's own. */
import type { SourceCount, StepCount } from '../api/types';

export const MANUAL = 'manual';
/** It has merged what it knows already. */
const RECONCILED = 'google_health';

/**
 * Sources overlap, so one of them counts and none is ever added to another: the patient's own number, then the sources
 * in the order that the patient gave, then Google Health, then the largest.
 */
export function bestOf(counts: readonly SourceCount[], order: readonly string[]): SourceCount | undefined {
  for (const source of [MANUAL, ...order, RECONCILED]) {
    const found = counts.find((count) => count.source === source);
    if (found) return found;
  }
  return counts.reduce<SourceCount | undefined>(
    (best, count) => (best && best.steps > count.steps ? best : count),
    undefined,
  );
}

/** The order once this source is the most wanted: of no more sources than the server takes. */
export const orderWith = (source: string, order: readonly string[]): string[] =>
  [source, ...order.filter((one) => one !== source)].slice(0, 20);

/** The day with the number that the patient typed. */
export function withHandEntry(day: StepCount | undefined, on: string, steps: number, at: string): StepCount {
  const entry = { source: MANUAL, source_label: '', steps, observed_at: at, is_partial: false, counted: true };
  return countedBy(entry, on, [entry, ...devicesOf(day)], day);
}

/** The day without it; null when nothing else is known. */
export function withoutHandEntry(day: StepCount, order: readonly string[]): StepCount | null {
  const best = bestOf(devicesOf(day), order);
  return best ? countedBy(best, day.on, devicesOf(day), day) : null;
}

/** What a PUT of the day carries: the rest belongs to the devices. */
export function handEntryOf(day: StepCount): { steps: number; recorded_at: string } {
  const entry = handEntry(day) ?? day;
  return { steps: entry.steps, recorded_at: entry.observed_at };
}

/** What the patient typed for that day. */
export const handEntry = (day: StepCount): SourceCount | undefined =>
  day.counts.find(({ source }) => source === MANUAL);

export const devicesOf = (day: StepCount | undefined): SourceCount[] =>
  day?.counts.filter(({ source }) => source !== MANUAL) ?? [];

function countedBy(best: SourceCount, on: string, all: readonly SourceCount[], day: StepCount | undefined): StepCount {
  const { source, source_label, steps, observed_at, is_partial } = best;
  const counts = all.map((count) => ({ ...count, counted: count.source === source }));
  return { ...day, on, source, source_label, steps, observed_at, is_partial, counts };
}
