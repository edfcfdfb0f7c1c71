/** Tokens for phones and scripts that push steps. The token itself is shown once and never kept here. */
import { ask } from '../api/client';
import type { AccessToken } from '../api/types';
import type { Store } from '../store/store';

export type NewAccessToken = AccessToken & { token: string };

export async function createAccessToken(
  store: Store,
  label: string,
  scope: AccessToken['scope'],
): Promise<NewAccessToken> {
  const answer = (await ask({ method: 'POST', path: '/me/access-tokens', body: { label, scope } })) as NewAccessToken;
  const { token: _, ...item } = answer;
  await store.keep('access_token', item.id, item);
  return answer;
}

export async function deleteAccessToken(store: Store, id: string): Promise<void> {
  await ask({ method: 'DELETE', path: `/me/access-tokens/${id}` });
  await store.keep('access_token', id, null);
}
