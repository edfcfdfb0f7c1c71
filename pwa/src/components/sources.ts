/** Where a number of steps came from, in words. */
import type { Records, Stored } from '../store/store';
import { t } from '../text';

export interface Source {
  source: string;
  source_label: string;
}

/** The server's own name for the source; a source without one is named by what it is. */
export function sourceName({ source, source_label }: Source): string {
  return source_label || (source === 'manual' ? t('source.manual') : t('source.device'));
}

/** The same with the phone's own name: two phones may send with the same app. `keys` are those that phones send with. */
export function sourceOf(item: Source, keys: readonly Stored<Pick<Records['access_token'], 'label'>>[]): string {
  const begin = /^phone\/([0-9a-f]{8})\//.exec(item.source)?.[1];
  const key = begin && keys.find(({ id }) => id.startsWith(begin));
  return key ? t('source.of_phone', { source: sourceName(item), phone: key.record.label }) : sourceName(item);
}
