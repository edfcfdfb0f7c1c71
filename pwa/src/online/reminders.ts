/** Asks about reminders that need an answer now. */
import { api, body } from '../api/typed';
import type { Moment, Reminder, TestPushResult } from '../api/types';

/** The next ten moments of a reminder as it is being filled in. */
export async function previewReminder(reminder: Omit<Reminder, 'id' | 'updated_at'>): Promise<Moment[]> {
  return (await body(api.POST('/api/v1/reminders/preview', { body: reminder }))).items;
}

/** Sends a test message to one browser, or to all of the patient's. */
export async function sendTestPush(subscriptionId?: string): Promise<TestPushResult[]> {
  const to = { subscription_id: subscriptionId ?? null };
  return (await body(api.POST('/api/v1/push/test', { body: to }))).results;
}
