/** The clinic's name, phones and booking link. Kept on the phone, since they are needed most when offline. */
import { ApiError, api, body } from '../api/typed';
import type { CareSettings } from '../api/types';
import type { Store } from '../store/store';

const NAME = 'care_settings';

/** Fresh ones when the server can be reached, else those of the last time; null when there never were any. */
export async function careSettings(store: Store): Promise<CareSettings | null> {
  try {
    const fresh: CareSettings = await body(api.GET('/api/v1/care-settings'));
    await store.setMeta(NAME, fresh);
    return fresh;
  } catch (error) {
    if (error instanceof ApiError) return keptCareSettings(store);
    throw error;
  }
}

/** Those of the last time, at once and without the network. */
export async function keptCareSettings(store: Store): Promise<CareSettings | null> {
  return (await store.meta<CareSettings>(NAME)) ?? null;
}
