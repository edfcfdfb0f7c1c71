/** One outbox entry over the network, and the answer in the words of the outbox. */
import { ApiError, type exchange, problemOf } from '../api/client';
import type { Entry } from '../store/database';
import type { Reply } from './outbox';

export async function sendEntry(entry: Entry, over: typeof exchange): Promise<Reply | 'no_network'> {
  try {
    const { method, path, body, authorization } = entry;
    const answer = await over({ method, path, body, authorization });
    const problem = problemOf(answer);
    return {
      status: answer.status,
      ours: answer.ours,
      code: problem?.code ?? '',
      detail: problem?.detail ?? '',
      retryAfter: problem?.retryAfter ?? null,
      record: answer.body,
      seq: seqOf(answer.headers.get('ETag')),
    };
  } catch (error) {
    if (error instanceof ApiError) return 'no_network';
    throw error;
  }
}

/** The server's ETag of a record is the number of its version, in quotes; a proxy may have marked it weak. */
export function seqOf(etag: string | null): number | null {
  const digits = /^(?:W\/)?"(\d+)"$/.exec(etag ?? '')?.[1];
  return digits ? Number(digits) : null;
}
