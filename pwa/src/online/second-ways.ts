/** Asks about other ways of a reminder that need an answer now. */
import { api, body } from '../api/typed';

/** A new address for calendar apps; an older one stops working. */
export async function makeCalendar(): Promise<string> {
  return (await body(api.POST('/api/v1/me/calendar'))).url;
}

export async function endCalendar(): Promise<void> {
  await api.DELETE('/api/v1/me/calendar');
}

/** By the link in an e-mail; it works for whoever got it. */
export async function stopMail(token: string): Promise<void> {
  await api.POST('/api/v1/mail-stop', { body: { token } });
}

export async function renewTopic(): Promise<void> {
  await api.POST('/api/v1/me/ntfy-topic');
}
