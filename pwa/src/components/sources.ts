/** Where a number of steps came from, in words. */
import { t } from '../text';

/** The server's own name for the source; a source without one is named by what it is. */
export function sourceName({ source, source_label }: { source: string; source_label: string }): string {
  return source_label || (source === 'manual' ? t('source.manual') : t('source.device'));
}
