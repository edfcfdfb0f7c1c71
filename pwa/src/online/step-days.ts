/** What only the server knows of steps: what changed about a day, and which source the patient wants to count. */
import { ApiError, api, body } from '../api/typed';
import type { StepChange, StepSources } from '../api/types';

export type { StepChange, StepSources };

const PATH = '/api/v1/me/step-sources';

/** Newest first; of a day that nothing is known of there is nothing to tell. */
export async function stepHistory(on: string): Promise<StepChange[]> {
  try {
    return (await body(api.GET('/api/v1/step-counts/{on}', { params: { path: { on } } }))).history;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}

export async function stepSources(): Promise<StepSources> {
  return body(api.GET(PATH));
}

/** The most wanted source first; none for the usual rule. Days that are known are chosen again. */
export async function wantSources(order: string[]): Promise<StepSources> {
  return body(api.PUT(PATH, { body: { order } }));
}
