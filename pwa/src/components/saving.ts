/** Saving on the phone: says that it is done, or what the patient can do when it is not. */
import { StorageFull } from '../store/store';
import { t } from '../text';
import { showToast } from './toasts.svelte';

/** Runs the save and says that it is done. The answer is the sentence to show when it failed, else null. */
export async function saving(save: () => Promise<void>): Promise<string | null> {
  const failure = await keeping(save);
  if (failure === null) showToast(t('toast.saved'));
  return failure;
}

/** The same where the next screen shows what was kept: a message would only lie over what to do. */
export async function keeping(save: () => Promise<void>): Promise<string | null> {
  try {
    await save();
    return null;
  } catch (error) {
    console.warn('Footwell could not save', error);
    return error instanceof StorageFull ? t('error.storage_full') : t('error.not_saved');
  }
}
