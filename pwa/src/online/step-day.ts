/** What changed about a day of steps, which the server alone knows. */
import { ApiError, api, body } from '../api/typed';
import type { StepChange } from '../api/types';

export type { StepChange };

/** Newest first; empty for a day that nothing was ever known of; null when the server cannot be asked now. */
export async function fetchStepChanges(on: string): Promise<StepChange[] | null> {
  try {
    return (await body(api.GET('/api/v1/step-counts/{on}', { params: { path: { on } } }))).history;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 404 ? [] : null;
  }
}
