/** Asks whether the server can send at all: what stops it is not the phone's fault, and nobody should look for it there. */
import { api, body } from '../api/typed';

/** What stops it: no worker, a push service that refuses us, or one that misses whom to write to. Null when it sends. */
export async function sendingFault(): Promise<'worker' | 'refused' | 'no_contact' | null> {
  const page = await body(api.GET('/api/v1/push/subscriptions'));
  return page.worker_alive === false ? 'worker' : (page.push_fault ?? null);
}
