/** The rule for a new password, in words. The server has the same. */
import { t } from '../text';

/** What is wrong with it, or null. */
export function passwordError(password: string): string | null {
  if (password.length < 10) return t('sign_up.password.short');
  if (password.length > 200) return t('sign_up.password.long');
  return null;
}
