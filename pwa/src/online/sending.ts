/** Asks whether the server can send at all: what stops it is not the phone's fault, and nobody should look for it there. */
import { api, body } from '../api/typed';

/** What stops it: no worker, a push service that refuses us, or one that misses whom to write to. */
export type SendingFault = 'worker' | 'refused' | 'no_contact';

export const askForPhones = () => body(api.GET('/api/v1/push/subscriptions'));

/** Null when it sends. */
export async function sendingFault(): Promise<SendingFault | null> {
  return faultOf(await askForPhones());
}

/** An older server says less: then nothing is known to stop it. */
export function faultOf(said: { worker_alive?: boolean; push_fault?: SendingFault | null }): SendingFault | null {
  return said.worker_alive === false ? 'worker' : (said.push_fault ?? null);
}
