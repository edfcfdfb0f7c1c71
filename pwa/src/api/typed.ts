/** The contract as functions: paths, bodies and replies are checked against `schema.d.ts`. For asks made online. */
import createClient from 'openapi-fetch';
import { send, thrownUnlessGood } from './client';
import type { paths } from './schema';
import type { Whole } from './types';

export { ApiError } from './client';

export const api = createClient<paths>({ fetch: async (request) => thrownUnlessGood(await send(request)) });

/** The reply's body. A failure has been thrown as ApiError before it comes this far. */
export async function body<T>(asked: Promise<{ data?: T }>): Promise<Whole<NonNullable<T>>> {
  return (await asked).data as Whole<NonNullable<T>>;
}
