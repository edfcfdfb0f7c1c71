/** What stands at the top of Today: what was told to call for, the most urgent first. Pure. */
import { stillBlocks } from '../care/blocks';
import type { Known } from '../glucose/decide';
import { isDoubtful, urgentReading } from '../glucose/patterns';
import { at, newestFirst, type Reading } from '../glucose/readings';
import type { Records } from '../store/records';
import { openEvents, STAYS_MS, type TriageEvent } from './events';

type Block = Records['block'];
type UrgentLevel = 'emergency' | 'same_day';

export type Urgent = { level: UrgentLevel } & (
  | { about: 'told'; event: TriageEvent }
  | { about: 'reading'; reading: Reading }
  /** A very low number that may be one in the other unit. */
  | { about: 'doubt'; reading: Reading }
  | { about: 'block' }
);

interface Facts extends Known {
  events: readonly TriageEvent[];
  blocks: readonly Block[];
}

export function urgentNow(facts: Facts, now: Date, today: string): Urgent[] {
  const told = toldNow(facts.events, now, today);
  const found = [told, told ? null : blockNow(facts, now), ...readingsNow(facts, now)];
  const rank = ({ level }: Urgent) => (level === 'emergency' ? 0 : 1);
  return found.filter((one) => one !== null).sort((a, b) => rank(a) - rank(b));
}

/** Until there is an answer, or until the question of the next day; a level that this app does not know is the strictest. */
function toldNow(events: readonly TriageEvent[], now: Date, today: string): Urgent | null {
  const event = openEvents(events, today)
    .filter(({ level, follow_up }) => level !== null && level !== 'within_days' && follow_up === null)
    .find(({ on, recorded_at }) => on === today || now.getTime() - Date.parse(recorded_at) < STAYS_MS);
  return event ? { about: 'told', event, level: event.level === 'same_day' ? 'same_day' : 'emergency' } : null;
}

/** Of a check before a session, for which nothing else was told. */
function blockNow({ blocks, events }: Facts, now: Date): Urgent | null {
  const fresh = blocks.filter(
    (block) =>
      now.getTime() - Date.parse(block.started_at) < STAYS_MS &&
      stillBlocks(block, now) &&
      !events.some(({ recorded_at }) => recorded_at >= block.started_at),
  );
  if (fresh.some(({ level }) => level === 'emergency')) return { about: 'block', level: 'emergency' };
  return fresh.some(({ level }) => level === 'same_day') ? { about: 'block', level: 'same_day' } : null;
}

function readingsNow(known: Known, now: Date): Urgent[] {
  const urgent = urgentReading(known, now);
  const doubtful = newestFirst(known.readings).find((reading) => at(reading) <= now.getTime() && isDoubtful(reading));
  const asked: Urgent[] = doubtful ? [{ about: 'doubt', reading: doubtful, level: 'same_day' }] : [];
  // The question about a number shows what to do if it is right.
  if (!urgent || (urgent.reading === doubtful && urgent.level === 'same_day')) return asked;
  return [{ about: 'reading', ...urgent }, ...asked];
}
