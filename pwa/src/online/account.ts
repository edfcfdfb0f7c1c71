/** Asks about the account that need an answer now. Each returns its value or throws ApiError. */
import { api, body } from '../api/typed';
import type { Me, SignUp } from '../api/types';

export { ApiError } from '../api/client';
export type { SignUp } from '../api/types';

export function signUp(values: SignUp): Promise<Me> {
  return body(api.POST('/api/v1/auth/sign-up', { body: values }));
}

export function signIn(email: string, password: string): Promise<Me> {
  return body(api.POST('/api/v1/auth/sign-in', { body: { email, password } }));
}

export async function signOut(): Promise<void> {
  await api.POST('/api/v1/auth/sign-out');
}

/** With the token of a one-time link. */
export async function resetPassword(token: string, password: string): Promise<void> {
  await api.POST('/api/v1/auth/reset-password', { body: { token, password } });
}

/** Everything of the patient on the server, gone for good. */
export async function deleteAccount(password: string): Promise<void> {
  await api.DELETE('/api/v1/me', { body: { password } });
}
