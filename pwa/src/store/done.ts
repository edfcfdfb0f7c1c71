/** What was done on a day stays done though its record is deleted: the day has its most of it. */
import { addDays } from '../localtime';
import type { Row, Writing } from './database';
import type { Store } from './store';

/** No word of the record is left but its day. */
export interface Done {
  id: string;
  on: string;
}

const counted = ['session_log', 'comfort_log'] as const;
const COUNTED_DAYS = 7;

const nameOf = (kind: string) => `done ${kind}`;

/** Before a record goes. */
export async function noteDone(tx: Writing, { kind, id, day }: Row): Promise<void> {
  if (!counted.some((known) => known === kind)) return;
  const meta = tx.objectStore('meta');
  const before = ((await meta.get(nameOf(kind))) ?? []) as Done[];
  const all = [...before.filter((one) => one.id !== id), { id, on: day }];
  const newest = all.reduce((latest, { on }) => (on > latest ? on : latest), day);
  const kept = all.filter(({ on }) => on > addDays(newest, -COUNTED_DAYS));
  await meta.put(kept, nameOf(kind));
}

/** Those of the last week whose records were deleted. */
export async function deletedDone(store: Store, kind: (typeof counted)[number]): Promise<Done[]> {
  return (await store.meta<Done[]>(nameOf(kind))) ?? [];
}
