/** What a patient reads of a connection: one sentence for its state, and what there is to do about it. */
import type { Wearable } from '../online/wearables';
import { findText, t } from '../text';
import type { patientPlace } from './patient';

type Place = ReturnType<typeof patientPlace>;

export interface Said {
  text: string;
  /** Null: nothing to worry about. */
  tone: 'good' | 'info' | 'warm' | null;
  more: string[];
}

const TWO_DAYS_MS = 48 * 3_600_000;
/** Reasons with a sentence of their own; any other is covered by its state's. */
const REASONS = ['account_not_linked', 'steps_not_permitted', 'key_changed', 'rate_limited'];

export function sentence(item: Wearable, place: Place): Said {
  const more: string[] = [];
  const at = item.next_sync_at ? place.moment(item.next_sync_at) : '';
  if (item.device && item.device_synced_at)
    more.push(t('wearable.device', { device: item.device, moment: place.moment(item.device_synced_at) }));
  if (item.last_synced_at && item.state !== 'disconnected')
    more.push(t('wearable.last', { moment: place.moment(item.last_synced_at) }));
  if (item.missing_permissions.includes('glucose')) more.push(t('wearable.missing.glucose'));
  if (item.missing_permissions.includes('settings')) more.push(t('wearable.missing.settings'));
  if (item.ends_on && item.state !== 'provider_retired') more.push(t('wearable.google_fit.ends'));
  switch (item.state) {
    case 'active':
      return item.last_synced_at
        ? { text: t(item.provider === 'nightscout' ? 'wearable.active.sugar' : 'wearable.active'), tone: 'good', more }
        : { text: t('wearable.first'), tone: 'info', more };
    case 'backing_off':
      return { text: t('wearable.backing_off', { moment: at }), tone: 'info', more };
    case 'needs_reconnect':
    case 'needs_setup':
    case 'admin_problem': {
      const own = item.reason && REASONS.includes(item.reason) ? item.reason : item.state;
      return { text: findText(`wearable.${own}`) ?? '', tone: 'warm', more };
    }
    case 'provider_retired':
      return { text: t('wearable.retired'), tone: null, more };
    case 'disconnected':
      return { text: t('wearable.disconnected'), tone: null, more };
    default:
      return {
        text: t(item.offered ? `wearable.${item.provider as 'google_health'}.for` : 'wearable.not_offered'),
        tone: null,
        more,
      };
  }
}

/** The one thing to do: connect (again), or have it read now; null when only time or somebody else can help. */
export function action(item: Wearable): 'connect' | 'read' | null {
  if (['not_connected', 'disconnected', 'needs_reconnect'].includes(item.state)) return 'connect';
  if (['active', 'backing_off', 'needs_setup'].includes(item.state)) return 'read';
  return null;
}

export const asksForSugar = (item: Wearable): boolean => item.provider === 'google_health';

/** A consent that ends within two days: there is time to renew it before anything stops. */
export function endsSoon(item: Wearable, now: Date): boolean {
  if (!item.reconnect_by || item.state === 'needs_reconnect') return false;
  return Date.parse(item.reconnect_by) - now.getTime() < TWO_DAYS_MS;
}
