/** What the server knows of messages: kept on the phone, so that it can be read offline, with when that was. */
import { ApiError, api, body } from '../api/typed';
import type { Arrival, PushSubscriptionItem } from '../api/types';
import type { Store } from '../store/store';
import { askForPhones, faultOf, type SendingFault } from './sending';

export interface PushFacts {
  at: string;
  fault: SendingFault | null;
  secondWays: readonly string[];
  ntfyUrl: string | null;
  phones: readonly PushSubscriptionItem[];
}

export interface Messages extends PushFacts {
  arrivals: readonly Arrival[];
}

const FACTS = 'push_facts';
const MESSAGES = 'push_messages';

/** How this server can send: of now, else as it was known last. */
export async function pushFacts(store: Store): Promise<PushFacts | null> {
  return (await askFor(store, FACTS, facts)) ?? (await store.meta<PushFacts>(FACTS)) ?? null;
}

/** The same with each message of the last two weeks; null when the server cannot be asked now. */
export async function freshMessages(store: Store): Promise<Messages | null> {
  return askFor(store, MESSAGES, async () => {
    const [known, { items }] = await Promise.all([facts(), body(api.GET('/api/v1/push/deliveries'))]);
    return { ...known, arrivals: items };
  });
}

/** Those of the last time, at once and without the network; null when there never were any. */
export async function keptMessages(store: Store): Promise<Messages | null> {
  return (await store.meta<Messages>(MESSAGES)) ?? null;
}

async function facts(): Promise<PushFacts> {
  const said = await askForPhones();
  return {
    at: new Date().toISOString(),
    fault: faultOf(said),
    secondWays: said.second_ways,
    ntfyUrl: said.ntfy_url,
    phones: said.items,
  };
}

async function askFor<T>(store: Store, name: string, ask: () => Promise<T>): Promise<T | null> {
  try {
    const fresh = await ask();
    await store.setMeta(name, fresh);
    return fresh;
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}
