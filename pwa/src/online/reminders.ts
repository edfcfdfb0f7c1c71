/** Asks about reminders that need an answer now. */
import { ask } from '../api/client';
import type { Reminder } from '../api/types';

export interface Moment {
  on: string;
  local_time: string;
  due_at: string;
}

/** The next ten moments of a reminder as it is being filled in. */
export async function previewReminder(reminder: Omit<Reminder, 'id' | 'updated_at'>): Promise<Moment[]> {
  const answer = await ask({ method: 'POST', path: '/reminders/preview', body: reminder });
  return (answer as { items: Moment[] }).items;
}

export interface TestPushResult {
  subscription_id: string;
  label: string;
  state: 'sent' | 'gone' | 'retry' | 'failed';
}

/** Sends a test message to one browser, or to all of the patient's. */
export async function sendTestPush(subscriptionId?: string): Promise<TestPushResult[]> {
  const body = subscriptionId ? { subscription_id: subscriptionId } : {};
  return ((await ask({ method: 'POST', path: '/push/test', body })) as { results: TestPushResult[] }).results;
}
