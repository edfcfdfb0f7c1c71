/** What a patient reads of a connection: one sentence for its state, and what there is to do about it. */
import type { Source, Wearable } from '../online/wearables';
import { findText, t } from '../text';

export interface Said {
  text: string;
  /** Null: nothing to worry about. */
  tone: 'good' | 'info' | 'warm' | null;
  more: string[];
}

const TWO_DAYS_MS = 48 * 3_600_000;
const ENDED = ['not_connected', 'disconnected', 'provider_retired'];
const BROKEN = ['needs_reconnect', 'needs_setup', 'admin_problem'];
/** Reasons with a sentence of their own; any other is covered by its state's. */
const REASONS = ['account_not_linked', 'legacy_account', 'steps_not_permitted', 'key_changed', 'rate_limited'];

/** `when` says a moment as it is seen from today. */
export function sentence(item: Wearable, when: (at: string) => string): Said {
  const provider = item.provider as Source;
  const more: string[] = [];
  if (item.device && item.device_synced_at && isConnected(item))
    more.push(t('wearable.device', { device: item.device, moment: when(item.device_synced_at) }));
  if (item.last_synced_at && isConnected(item)) more.push(t('wearable.last', { moment: when(item.last_synced_at) }));
  if (item.missing_permissions.includes('glucose')) more.push(t('wearable.missing.glucose'));
  if (item.missing_permissions.includes('settings')) more.push(t('wearable.missing.settings'));
  if (item.ends_on && item.state !== 'provider_retired') more.push(t('wearable.google_fit.ends'));
  switch (item.state) {
    case 'active': {
      const key = item.last_synced_at ? 'wearable.active' : 'wearable.first';
      const text = t(provider === 'nightscout' ? `${key}.sugar` : key);
      return { text, tone: item.last_synced_at ? 'good' : 'info', more };
    }
    case 'backing_off':
    case 'needs_reconnect':
    case 'needs_setup':
    case 'admin_problem': {
      const own = item.reason && REASONS.includes(item.reason) ? item.reason : item.state;
      const values = { side: t(`wearable.side.${provider}`), moment: item.next_sync_at ? when(item.next_sync_at) : '' };
      return {
        text: findText(`wearable.${own}`, values) ?? '',
        tone: item.state === 'backing_off' ? 'info' : 'warm',
        more,
      };
    }
    case 'provider_retired':
      return { text: t('wearable.retired'), tone: null, more };
    case 'disconnected':
      return { text: t('wearable.disconnected'), tone: null, more };
    default:
      return { text: t(item.offered ? `wearable.${provider}.for` : 'wearable.not_offered'), tone: null, more };
  }
}

export const isConnected = (item: Wearable): boolean => !ENDED.includes(item.state);

/** The one thing to do; null when only time or somebody else can help. */
export function action(item: Wearable, now: Date): 'confirm' | 'connect' | 'again' | 'read' | null {
  if (item.confirm) return 'confirm';
  if (item.state === 'needs_reconnect' || endsSoon(item, now)) return item.offered ? 'again' : null;
  if (['not_connected', 'disconnected'].includes(item.state)) return item.offered ? 'connect' : null;
  return ['active', 'backing_off', 'needs_setup'].includes(item.state) ? 'read' : null;
}

/** What needs a look first, then what is connected, then the rest. */
export function inOrder(items: readonly Wearable[], now: Date): Wearable[] {
  const rank = (item: Wearable) => {
    if (item.confirm || BROKEN.includes(item.state) || endsSoon(item, now)) return 0;
    return isConnected(item) ? 1 : 2;
  };
  return items.toSorted((a, b) => rank(a) - rank(b));
}

export const asksForSugar = (item: Wearable): boolean => item.provider === 'google_health';

/** A consent that ends within two days: there is time to renew it before anything stops. */
export function endsSoon(item: Wearable, now: Date): boolean {
  if (!item.reconnect_by || item.state === 'needs_reconnect' || !isConnected(item)) return false;
  return Date.parse(item.reconnect_by) - now.getTime() < TWO_DAYS_MS;
}
