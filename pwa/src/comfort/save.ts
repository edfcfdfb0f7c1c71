/** Keeps a bath. Skin that looked different takes the clinic's OK for heat back, whatever becomes of the entry later. */
import { HEAT } from '../care/comfort';
import type { Store } from '../store/store';
import type { ComfortLog } from './bath';

export async function saveBath(store: Store, log: ComfortLog, at: string): Promise<void> {
  await store.save('comfort_log', log.id, log);
  if (log.skin !== 'changed') return;
  for (const { id, record } of await store.list('clearance'))
    if (record.ended_at === null && record.reasons.includes(HEAT))
      await store.save('clearance', id, { ...record, ended_at: at });
}
