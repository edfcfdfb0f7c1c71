/** Tokens for phones and scripts that push steps and sugar. The token itself is shown once and never kept here. */
import { api, body } from '../api/typed';
import type { AccessToken, NewAccessToken } from '../api/types';
import type { Store } from '../store/store';

export async function createAccessToken(
  store: Store,
  label: string,
  scope: AccessToken['scope'],
  glucose: boolean,
): Promise<NewAccessToken> {
  const created: NewAccessToken = await body(api.POST('/api/v1/me/access-tokens', { body: { label, scope, glucose } }));
  const { token: _, ...item } = created;
  await store.keep('access_token', item.id, item);
  return created;
}

export async function deleteAccessToken(store: Store, id: string): Promise<void> {
  await api.DELETE('/api/v1/me/access-tokens/{token_id}', { params: { path: { token_id: id } } });
  await store.keep('access_token', id, null);
}
