/** From a draft to a saved log. */
import type { Store } from '../store/store';
import { DRAFT, type SessionDraft, STOPPED_DRAFT, toLog } from './draft';
import { mayFinishLater } from './stop';

/** The log first; only when it is safe does the draft go. The reminder is answered only by a finished session. */
export async function saveSession(store: Store, draft: SessionDraft, at: string): Promise<void> {
  const log = toLog(draft);
  await store.save('session_log', log.id, log);
  if (log.occurrence_id && log.state === 'finished') {
    await store.answerOccurrence(log.occurrence_id, { state: 'done', at });
  }
  if (mayFinishLater(draft)) await store.saveDraft(STOPPED_DRAFT, draft);
  else await store.dropDraft(STOPPED_DRAFT);
  await store.dropDraft(DRAFT);
}
