/** Keeps a foot check and everything that follows from it, on the phone. */
import type { Store } from '../store/store';
import type { Concluded } from './check';

/** The blocks first, so that nothing can come between that leaves a red flag without one. */
export async function keepCheck(store: Store, { check, blocks, event }: Concluded, at: Date): Promise<void> {
  for (const block of blocks) await store.save('block', block.id, block);
  if (event) await store.save('triage_event', event.id, event);
  await store.save('foot_check', check.id, check);
  // Feet that could not be seen are still to be checked.
  if (check.result !== 'not_seen_well') await answerReminders(store, check.on, at);
}

async function answerReminders(store: Store, on: string, at: Date): Promise<void> {
  const moments = await store.list('occurrence', { from: on, to: on });
  for (const { id, record } of moments) {
    const open = record.state === 'open' || record.state === 'snoozed';
    if (record.kind === 'foot_check' && open) {
      await store.answerOccurrence(id, { state: 'done', at: at.toISOString() });
    }
  }
}
