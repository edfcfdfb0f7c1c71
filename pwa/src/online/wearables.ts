/** Where steps come from by themselves: the server's list, kept for reading offline, and what can be asked of it. */
import { ApiError, api, body } from '../api/typed';
import type { Wearable } from '../api/types';
import { upload } from '../api/upload';
import type { Store } from '../store/store';

export type { Wearable };
export type Account = 'google_health' | 'google_fit';
export type Source = Account | 'nightscout';

const NAME = 'wearables';

/** Those of the last time, at once and without the network; null when there never were any. */
export async function keptWearables(store: Store): Promise<Wearable[] | null> {
  return (await store.meta<Wearable[]>(NAME)) ?? null;
}

/** Fresh ones; null when the server cannot be asked now. */
export async function freshWearables(store: Store): Promise<Wearable[] | null> {
  try {
    const { items } = await body(api.GET('/api/v1/wearables'));
    await store.setMeta(NAME, items);
    return items;
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

/** The address of the provider's consent page; it is good for ten minutes. */
export async function beginConsent(provider: Account, glucose: boolean): Promise<string> {
  const asked = api.POST('/api/v1/wearables/{provider}/authorization', {
    params: { path: { provider } },
    body: { glucose },
  });
  return (await body(asked)).url;
}

export async function confirmConsent(provider: Account): Promise<void> {
  await api.POST('/api/v1/wearables/{provider}/confirmation', { params: { path: { provider } } });
}

export async function readNow(provider: Source): Promise<void> {
  await api.POST('/api/v1/wearables/{provider}/sync', { params: { path: { provider } } });
}

export async function disconnect(provider: Source): Promise<void> {
  await api.DELETE('/api/v1/wearables/{provider}', { params: { path: { provider } } });
}

export async function connectNightscout(url: string, token: string): Promise<void> {
  await api.PUT('/api/v1/wearables/nightscout/site', { body: { url, token: token || null } });
}

/** Sends an export.zip; `progress` hears how much of it has gone, from 0 to 1. */
export function sendArchive(file: Blob, progress: (part: number) => void): Promise<void> {
  return upload('/wearables/apple_export/archive', file, progress);
}
