/** What to tell the patient when an ask that needs an answer now did not work. */
import { ApiError } from '../online/account';
import { t } from '../text';

/** One sentence or two for the whole form. */
export function sayError(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.other');
  if (error.code === 'offline' || error.code === 'not_footwell') return t('error.offline');
  if (error.status === 429) {
    const wait = error.retryAfter;
    return wait === null ? t('error.too_many_wait') : t('error.too_many', { n: Math.ceil(wait / 1000) });
  }
  if (error.code === 'not_signed_in') return t('error.not_signed_in');
  if (error.status >= 500) return t('error.server');
  return t('error.other');
}

/** The stable word of an error, or null when it is none of ours. */
export function codeOf(error: unknown): string | null {
  return error instanceof ApiError ? error.code : null;
}
