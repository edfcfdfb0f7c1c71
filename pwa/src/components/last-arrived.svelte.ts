/** When a reminder last really reached a phone, and which; said by the phones themselves. */
import { addDays } from '../localtime';
import { liveList } from '../store/live.svelte';
import { t } from '../text';
import { patientPlace } from './patient';

/** So far back is looked. */
const DAYS = 60;

/** Call while a component starts. Null: no phone has told of one. */
export function lastArrived(today: () => string): (reminderId: string) => string | null {
  const place = patientPlace();
  const moments = liveList('occurrence', () => ({ from: addDays(today(), -DAYS), to: today() }));
  return (reminderId) => {
    const arrivals = moments.value
      .map(({ record }) => record)
      .flatMap(({ reminder_id, arrived_at, arrived_on }) =>
        reminder_id === reminderId && arrived_at ? [{ at: arrived_at, phone: arrived_on ?? '' }] : [],
      );
    const last = arrivals.sort((a, b) => b.at.localeCompare(a.at))[0];
    return last ? t('reminder.arrived', { moment: place.seenFrom(today(), last.at), phone: last.phone }) : null;
  };
}
