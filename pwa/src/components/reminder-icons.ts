/** The picture of each kind of reminder. */
import type { Kind } from '../reminders/form';
import type { IconName } from './icons';

export const reminderIcons: Readonly<Record<Kind, IconName>> = {
  massage: 'clock',
  glucose: 'drop',
  foot_check: 'foot',
  shoe_check: 'shoe',
  symptom_entry: 'smile',
  own: 'bell',
};
