/** Saving on the phone: says that it is done, or what the patient can do when it is not. */
import { StorageFull } from '../store/store';
import { t } from '../text';
import { showToast } from './toasts.svelte';

/** Runs the save. The answer is the sentence to show when it failed, else null. */
export async function saving(save: () => Promise<void>): Promise<string | null> {
  try {
    await save();
    showToast(t('toast.saved'));
    return null;
  } catch (error) {
    console.warn('Footwell could not save', error);
    return error instanceof StorageFull ? t('error.storage_full') : t('error.not_saved');
  }
}
