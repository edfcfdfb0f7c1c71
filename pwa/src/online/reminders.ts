/** Asks about reminders that need an answer now. */
import { api, body } from '../api/typed';
import type { TestPushResult } from '../api/types';

/** Sends a test message to one browser, or to all of the patient's. */
export async function sendTestPush(subscriptionId?: string): Promise<TestPushResult[]> {
  const to = { subscription_id: subscriptionId ?? null };
  return (await body(api.POST('/api/v1/push/test', { body: to }))).results;
}
