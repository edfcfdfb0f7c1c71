/** Every English sentence of the app, by key. English is the measure: other languages have the same keys. */
import { account } from './en/account';
import { comfort } from './en/comfort';
import { devices } from './en/devices';
import { due } from './en/due';
import { feet } from './en/feet';
import { frame } from './en/frame';
import { gates } from './en/gates';
import { glucose } from './en/glucose';
import { goal } from './en/goal';
import { help } from './en/help';
import { log } from './en/log';
import { plan } from './en/plan';
import { progress } from './en/progress';
import { reminders } from './en/reminders';
import { remindersMine } from './en/reminders-mine';
import { session } from './en/session';
import { settings } from './en/settings';
import { sound } from './en/sound';
import { stepDay } from './en/step-day';
import { today } from './en/today';
import { ways } from './en/ways';
import { wearable } from './en/wearable';
import { weeks } from './en/weeks';

export const en = {
  ...frame,
  ...account,
  ...today,
  ...session,
  ...gates,
  ...log,
  ...plan,
  ...progress,
  ...reminders,
  ...remindersMine,
  ...devices,
  ...due,
  ...wearable,
  ...settings,
  ...sound,
  ...help,
  ...glucose,
  ...goal,
  ...stepDay,
  ...ways,
  ...weeks,
  ...comfort,
  ...feet,
} as const;
