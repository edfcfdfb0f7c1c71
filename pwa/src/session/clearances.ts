/** What a patient is told of the clinic's OK: for what it stands, until when, and what is still to be asked. */
import type { BlockFacts } from '../care/blocks';
import { addMonths, CLEARANCE_MONTHS, countsFor, countsUntil, type Moment, WARN_DAYS } from '../care/clearances';
import { daysBetween } from '../localtime';
import type { Records } from '../store/records';

type Clearance = Records['clearance'];

export interface Standing {
  clearance: Clearance;
  /** The reasons of today's profile that it still answers. */
  reasons: string[];
  /** The last day of the first of them that ends; null when no time ends any. */
  until: string | null;
  endsSoon: boolean;
}

/** The clearances that answer something now, the newest word first. */
export function standing(
  about: readonly string[],
  clearances: readonly Clearance[],
  blocks: readonly BlockFacts[],
  at: Moment,
): Standing[] {
  return [...clearances]
    .sort((a, b) => b.clinician_on.localeCompare(a.clinician_on))
    .flatMap((clearance) => {
      const reasons = about.filter((reason) => countsFor(clearance, reason, blocks, at));
      if (reasons.length === 0) return [];
      const ends = reasons.map((reason) => countsUntil(clearance, reason)).filter((day) => day !== null);
      const until = ends.sort()[0] ?? null;
      return { clearance, reasons, until, endsSoon: until !== null && daysBetween(at.today, until) <= WARN_DAYS };
    });
}

/** The earliest day on which a clinic's word can still count, given the red flags there were. */
export function earliestDay(today: string, redFlags: readonly { on: string }[]): string {
  return redFlags.reduce((latest, { on }) => (on > latest ? on : latest), addMonths(today, -CLEARANCE_MONTHS));
}
