/** When a clinic's OK counts and until when, and when the profile is asked again (brief §2, §2.1). Twin of clearances.py. */
import periods from '$care/periods.json';
import { type BlockFacts, isRedFlag } from './blocks';

/** The members of a clearance record that decide whether it counts, as the record has them. */
export interface ClearanceFacts {
  readonly reasons: readonly string[];
  readonly clinician_name: string | null;
  readonly clinician_on: string;
  readonly recorded_at: string;
  readonly ended_at?: string | null;
}

/** `today` is the patient's own day. */
export interface Moment {
  readonly now: Date;
  readonly today: string;
}

// Two phones are never of quite the same time; an answer from further ahead comes from a clock that was wrong.
const AHEAD = 24 * 60 * 60 * 1000;

export const { warn_days: WARN_DAYS, months: CLEARANCE_MONTHS } = periods.clearance;

/** The day with the same number, or the last of a month that is too short for it. */
export function addMonths(day: string, months: number): string {
  const [year = Number.NaN, month = Number.NaN, date = Number.NaN] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const found = new Date(Date.UTC(year, month - 1 + months, Math.min(date, last)));
  return Number.isNaN(found.getTime()) ? '' : found.toISOString().slice(0, 10);
}

/** The last day on which it counts for this reason; null when no time ends it. A day that cannot be read is past. */
export function countsUntil(clearance: ClearanceFacts, reason: string): string | null {
  if (periods.clearance.once.includes(reason)) return null;
  return addMonths(clearance.clinician_on, periods.clearance.months);
}

/** Whether this clearance answers this reason. What cannot be read does not. */
export function countsFor(
  clearance: ClearanceFacts,
  reason: string,
  blocks: readonly BlockFacts[],
  { now, today }: Moment,
): boolean {
  if (!clearance.reasons.includes(reason) || clearance.ended_at != null) return false;
  if (!clearance.clinician_name?.trim()) return false;
  if (!(Date.parse(clearance.recorded_at) <= now.getTime() + AHEAD)) return false;
  if (!(clearance.clinician_on <= today)) return false;
  const until = countsUntil(clearance, reason);
  if (until !== null && !(today <= until)) return false;
  return !blocks.some((block) => ends(block, clearance));
}

/** A red flag newer than the clinic's word. One of the same day came before it, if it was kept before. */
function ends(block: BlockFacts, clearance: ClearanceFacts): boolean {
  if (!isRedFlag(block)) return false;
  const before = Date.parse(block.started_at) < Date.parse(clearance.recorded_at);
  return !before || !(block.on <= clearance.clinician_on);
}

/** Whether every reason to ask the clinic has an OK that counts. */
export function isCleared(
  reasons: readonly string[],
  clearances: readonly ClearanceFacts[],
  blocks: readonly BlockFacts[],
  at: Moment,
): boolean {
  const answered = (reason: string) => clearances.some((clearance) => countsFor(clearance, reason, blocks, at));
  return reasons.length > 0 && reasons.every(answered);
}

/** Why the profile must be asked again, or null when it need not. A time that cannot be read asks again. */
export function asksAgain(answeredAt: string, blocks: readonly BlockFacts[], now: Date): 'red_flag' | 'months' | null {
  const answered = Date.parse(answeredAt);
  if (Number.isNaN(answered)) return 'months';
  if (blocks.some((block) => !(Date.parse(block.started_at) < answered) && isRedFlag(block))) return 'red_flag';
  const due = addMonths(new Date(answered).toISOString().slice(0, 10), periods.profile.months);
  return now.toISOString().slice(0, 10) > due || answered > now.getTime() + AHEAD ? 'months' : null;
}
