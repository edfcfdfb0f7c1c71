/** What was recorded answers the reminders of its day that asked for it. */
import type { Store } from './store';

export async function answerReminders(store: Store, kind: string, on: string, at: Date): Promise<void> {
  const moments = await store.list('occurrence', { from: on, to: on });
  for (const { id, record } of moments) {
    const open = record.state === 'open' || record.state === 'snoozed';
    if (record.kind === kind && open) await store.answerOccurrence(id, { state: 'done', at: at.toISOString() });
  }
}
