/** Keeping a reading, with what follows from it: the end of a low-sugar warning, and the answer to a reminder. */
import { stillStands } from '../care/blocks';
import { ended } from '../session/blocks';
import { newId } from '../store/ids';
import type { Records, Store } from '../store/store';
import { decided, type Me } from './decide';
import { draftName, type Entry, readingOf, stamped } from './entry';
import { isLow, type Reading } from './readings';

type Block = Records['block'];
type Occurrence = Records['occurrence'];

/** A reminder counts as answered by a reading so long before and after it. */
const WINDOW_MS = 30 * 60_000;

/** The reading first: nothing that frees a massage is kept before what frees it. */
export async function saveReading(
  store: Store,
  reading: Reading,
  { region, occurrenceId, now }: { region: string; occurrenceId: string | null; now: Date },
): Promise<void> {
  await store.save('glucose_reading', reading.id, reading);
  const blocks = (await store.list('block')).map(({ record }) => record);
  for (const block of endedBy(reading, blocks, region, now)) await store.save('block', block.id, block);
  const moments = await store.list('occurrence', { from: reading.on, to: reading.on });
  const answered = answeredBy(
    reading,
    moments.map(({ record }) => record),
    occurrenceId,
  );
  for (const { id } of answered) await store.answerOccurrence(id, { state: 'done', at: now.toISOString() });
}

interface Held {
  me: Me;
  before: Reading | undefined;
  at: Date;
  zone: string;
  occurrenceId: string | null;
  /** Whether somebody has said that the number is right. */
  confirmed: boolean;
  now: Date;
}

/** Keeps a number that may be a very low sugar before the form is whole: what is in the form waits beside it. */
export async function hold(store: Store, entry: Entry, facts: Held): Promise<Reading> {
  const { me, before, at, zone, occurrenceId, confirmed, now } = facts;
  const readings = (await store.list('glucose_reading')).map(({ record }) => record);
  const made = readingOf(
    { ...entry, context: entry.context ?? 'other' },
    { id: before?.id ?? newId(), at, zone, before },
  );
  const reading = decided({ ...made, confirmed }, { me, readings });
  await saveReading(store, reading, { region: me.region, occurrenceId, now });
  await store.saveDraft(draftName(reading.id), stamped(entry, at, zone));
  if (!before) await store.dropDraft(draftName(null));
  return reading;
}

/** A reading that is no longer low ends a low-sugar warning that began before it (brief §2.2). */
export function endedBy(reading: Reading, blocks: readonly Block[], region: string, now: Date): Block[] {
  if (isLow(reading, region)) return [];
  return blocks
    .filter((block) => block.warning === 'low_sugar' && stillStands(block, now))
    .filter((block) => Date.parse(block.started_at) <= Date.parse(reading.recorded_at))
    .map((block) => ended(block, 'reading_ok', reading.recorded_at));
}

/** The reminder that was tapped, and those whose moment is near. */
export function answeredBy(reading: Reading, moments: readonly Occurrence[], tapped: string | null): Occurrence[] {
  const at = Date.parse(reading.recorded_at);
  const near = ({ due_at, until }: Occurrence) => Math.abs(at - Date.parse(until ?? due_at)) <= WINDOW_MS;
  return moments
    .filter(({ kind, state }) => kind === 'glucose' && (state === 'open' || state === 'snoozed'))
    .filter((one) => one.id === tapped || near(one));
}
