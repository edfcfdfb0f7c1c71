/** What the server makes of the records. Kept on the phone, so that it can be read offline, with its date. */
import { ApiError, api, body } from '../api/typed';
import type { Insights } from '../api/types';
import type { Store } from '../store/store';

export type { Insights };

const NAME = 'insights';

/** Those of the last time, at once and without the network; null when there never were any. */
export async function keptInsights(store: Store): Promise<Insights | null> {
  return (await store.meta<Insights>(NAME)) ?? null;
}

/** Fresh ones; null when the server cannot be asked now. */
export async function freshInsights(store: Store): Promise<Insights | null> {
  try {
    const fresh: Insights = await body(api.GET('/api/v1/insights'));
    await store.setMeta(NAME, fresh);
    return fresh;
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}
