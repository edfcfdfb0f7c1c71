/** A session left in the middle on another day is kept as it was: stopped early, nothing lost. */
import { newId } from '../store/ids';
import type { Store } from '../store/store';
import { DRAFT, hasBegun, type SessionDraft, STOPPED_DRAFT, wholeDraft } from './draft';
import { saveSession } from './save';
import { tellLeft } from './stop';

export async function keepLeftBehind(store: Store, today: string): Promise<void> {
  const draft = await store.draft<SessionDraft>(DRAFT);
  if (draft && draft.on !== today) {
    if (hasBegun(draft)) {
      const at = new Date();
      await tellLeft(store, wholeDraft(draft), at, newId);
      await saveSession(store, draft, at.toISOString());
    }
    await store.dropDraft(DRAFT);
  }
  const stopped = await store.draft<SessionDraft>(STOPPED_DRAFT);
  if (stopped && stopped.on !== today) await store.dropDraft(STOPPED_DRAFT);
}
