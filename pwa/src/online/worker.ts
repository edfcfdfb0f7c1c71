/** Asks whether anything is sent at all: a server without a live worker sends no reminder. */
import { api, body } from '../api/typed';

/** False only when the server says so itself. */
export async function workerAlive(): Promise<boolean> {
  return (await body(api.GET('/api/v1/push/subscriptions'))).worker_alive !== false;
}
