/** Keeping a reading, with what follows from it: the end of a low-sugar warning, and the answer to a reminder. */
import { stillStands } from '../care/blocks';
import { ended } from '../session/blocks';
import type { Records, Store } from '../store/store';
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
