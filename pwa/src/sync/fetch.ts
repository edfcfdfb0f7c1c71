/** Fetches what changed since the last time, and reads again the records whose change of ours went away unsent. */
import { type Answer, ApiError, type exchange, problemOf } from '../api/client';
import type { ChangesPage } from '../api/types';
import { applyFresh, applyPage, cursorOf, staleRecords, startOver } from '../store/incoming';
import { pathOf } from '../store/records';
import type { Store } from '../store/store';
import { seqOf } from './send-entry';

type Exchange = typeof exchange;

export async function fetchChanges(store: Store, over: Exchange): Promise<void> {
  let startedOver = false;
  for (let more = true; more; ) {
    const cursor = await cursorOf(store);
    const path = cursor === null ? '/changes' : `/changes?since=${encodeURIComponent(cursor)}`;
    const page = good(await over({ method: 'GET', path })).body as ChangesPage;
    if (page.reset) {
      // A second time in a row is a fault of the server: try again later, not for ever.
      if (startedOver)
        throw new ApiError({ status: 500, code: 'server_error', detail: '', errors: {}, retryAfter: null });
      await startOver(store);
      startedOver = true;
    } else {
      await applyPage(store, page);
      more = page.more;
    }
  }
}

export async function fetchStale(store: Store, over: Exchange): Promise<void> {
  for (const { kind, id, day } of await staleRecords(store)) {
    const version = await fetchOne(kind, id, day, over);
    await applyFresh(store, { kind, id, ...version });
  }
}

type Version = { seq: number | null; deleted: boolean; record: unknown };

async function fetchOne(kind: string, id: string, day: string | null, over: Exchange): Promise<Version> {
  const path = kind === 'occurrence' ? `/occurrences?from=${day ?? id}&to=${day ?? id}` : pathOf(kind, id);
  const gone = { seq: null, deleted: true, record: null };
  // An occurrence we hold no day of was answered from a notification only: `/changes` brings it.
  if (path === null || (kind === 'occurrence' && day === null)) return gone;
  const answer = await over({ method: 'GET', path });
  if (answer.ours && (answer.status === 404 || answer.status === 410)) return gone;
  const { body, headers } = good(answer);
  if (kind !== 'occurrence') return { seq: seqOf(headers.get('ETag')), deleted: false, record: body };
  const record = (body as { items: { id: string }[] }).items.find((item) => item.id === id);
  return record ? { seq: null, deleted: false, record } : gone;
}

function good(answer: Answer): Answer {
  const problem = problemOf(answer);
  if (problem) throw new ApiError(problem);
  return answer;
}
