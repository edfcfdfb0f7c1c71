/** Asks about the account that need an answer now. Each returns its value or throws ApiError. */
import { ask } from '../api/client';
import type { Me } from '../api/types';

export { ApiError } from '../api/client';

export interface SignUp {
  email: string;
  password: string;
  time_zone: string;
  glucose_unit: Me['glucose_unit'];
  language: string;
  region: Me['region'];
  accepted: { disclaimer_version: string; adult: true; adult_version: string; health_data_version: string };
}

export async function signUp(values: SignUp): Promise<Me> {
  return (await ask({ method: 'POST', path: '/auth/sign-up', body: values })) as Me;
}

export async function signIn(email: string, password: string): Promise<Me> {
  return (await ask({ method: 'POST', path: '/auth/sign-in', body: { email, password } })) as Me;
}

export async function signOut(): Promise<void> {
  await ask({ method: 'POST', path: '/auth/sign-out' });
}

/** With the token of a one-time link. */
export async function resetPassword(token: string, password: string): Promise<void> {
  await ask({ method: 'POST', path: '/auth/reset-password', body: { token, password } });
}

/** Everything of the patient on the server, gone for good. */
export async function deleteAccount(password: string): Promise<void> {
  await ask({ method: 'DELETE', path: '/me', body: { password } });
}
