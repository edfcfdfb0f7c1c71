/** The moments of reminders: which are done, and which wait for an answer, by all that is on this phone. */
import { addDays, localDate, phoneZone } from '../localtime';
import type { Database } from './database';
import type { Records } from './records';

type Occurrence = Records['occurrence'];

/** A sugar reading answers a reminder so long before its moment, and so long after it (design). */
const BEFORE_MS = 90 * 60_000;
const AFTER_MS = 30 * 60_000;

/** Done, also by a record of that day that the server may not have yet. */
export async function isDone(db: Database, id: string): Promise<boolean> {
  const row = await db.get('records', ['occurrence', id]);
  return row !== undefined && wasDone(db, row.record as Occurrence);
}

/** How many moments of today have come and are still open. */
export async function countOpen(db: Database, patientId: string, now: number): Promise<number> {
  const me = (await db.get('records', ['me', patientId]))?.record as Records['me'] | undefined;
  const today = localDate(new Date(now), me?.time_zone ?? phoneZone());
  const due = (await recordsOf(db, 'occurrence', today)).filter((moment) => isDue(moment, now));
  const done = await Promise.all(due.map((moment) => wasDone(db, moment)));
  return done.filter((is) => !is).length;
}

function isDue({ state, due_at, until, not_sent }: Occurrence, now: number): boolean {
  const waits = state === 'open' || state === 'snoozed';
  return waits && not_sent !== 'paused' && Date.parse(until ?? due_at) <= now;
}

async function wasDone(db: Database, moment: Occurrence): Promise<boolean> {
  const { kind, on, session_log_id } = moment;
  if (moment.state === 'done') return true;
  if (kind === 'massage') return (await recordsOf(db, 'session_log', on)).length > 0;
  if (kind === 'glucose') {
    // A reading that wants another, or that nobody has decided on, leaves something to do.
    const readings = await recordsOf(db, 'glucose_reading', addDays(on, -1), on);
    const meant = ({ context }: Records['glucose_reading']) => (moment.meal_context ?? context) === context;
    return readings.some((one) => one.decision?.outcome.recheck === null && meant(one) && isNear(one, moment));
  }
  if (kind === 'redness') {
    const log = session_log_id ? await db.get('records', ['session_log', session_log_id]) : undefined;
    return log?.gone === false && (log.record as Records['session_log']).redness !== null;
  }
  if (kind === 'foot_check') {
    return (await recordsOf(db, kind, on)).some(({ result }) => result !== 'not_seen_well');
  }
  if (kind === 'shoe_check' || kind === 'symptom_entry') return (await recordsOf(db, kind, on)).length > 0;
  return false;
}

function isNear({ recorded_at }: Records['glucose_reading'], { due_at, until }: Occurrence): boolean {
  const late = Date.parse(recorded_at) - Date.parse(until ?? due_at);
  return -BEFORE_MS <= late && late <= AFTER_MS;
}

async function recordsOf<K extends keyof Records>(
  db: Database,
  kind: K,
  from: string,
  to = from,
): Promise<Records[K][]> {
  const rows = await db.getAllFromIndex('records', 'by_day', IDBKeyRange.bound([kind, from], [kind, to]));
  return rows.filter(({ gone }) => !gone).map(({ record }) => record as Records[K]);
}
