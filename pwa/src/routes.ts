/** Which screen of a patient belongs to which address. Today comes with the frame, the others when they are opened. */
import { asScreen, entrances, type Find, type Load } from './entrances';
import Today from './screens/Today.svelte';
import { loadSentences } from './text';

const screens: Record<string, Load> = {
  log: () => import('./screens/Log.svelte'),
  'log/symptoms': () => import('./screens/LogSymptoms.svelte'),
  'log/steps': () => import('./screens/LogSteps.svelte'),
  'log/glucose': () => import('./screens/LogGlucose.svelte'),
  'glucose/advice': () => import('./screens/GlucoseAdvice.svelte'),
  'glucose/before-walk': () => import('./screens/GlucoseBeforeWalk.svelte'),
  'glucose/targets': () => import('./screens/GlucoseTargets.svelte'),
  'log/foot-check': () => import('./screens/LogFootCheck.svelte'),
  'log/shoes': () => import('./screens/LogShoes.svelte'),
  'log/session': () => import('./screens/LogSession.svelte'),
  'log/comfort': () => import('./screens/LogComfort.svelte'),
  comfort: () => import('./screens/Comfort.svelte'),
  session: () => import('./screens/Session.svelte'),
  'session-settings': () => import('./screens/SessionSettings.svelte'),
  redness: () => import('./screens/Redness.svelte'),
  plan: () => import('./screens/Plan.svelte'),
  'plan/choose': () => import('./screens/PlanChoose.svelte'),
  'plan/pause': () => import('./screens/PlanPause.svelte'),
  goal: () => import('./screens/Goal.svelte'),
  profile: () => import('./screens/Profile.svelte'),
  steps: () => import('./screens/StepDay.svelte'),
  progress: () => import('./screens/Progress.svelte'),
  learn: () => import('./screens/Learn.svelte'),
  more: () => import('./screens/More.svelte'),
  answer: () => import('./screens/Answer.svelte'),
  'reminders/add': () => import('./screens/ReminderAdd.svelte'),
  'reminders/edit': () => import('./screens/ReminderEdit.svelte'),
  'reminders/pause': () => import('./screens/RemindersPause.svelte'),
  reminders: () => import('./screens/Reminders.svelte'),
  'reminders/why': () => import('./screens/RemindersWhy.svelte'),
  devices: () => import('./screens/Devices.svelte'),
  'devices/phone': () => import('./screens/DevicePhone.svelte'),
  'devices/nightscout': () => import('./screens/DeviceNightscout.svelte'),
  'devices/archive': () => import('./screens/DeviceArchive.svelte'),
  settings: () => import('./screens/Settings.svelte'),
  'help/ladder': () => import('./screens/HelpLadder.svelte'),
  book: () => import('./screens/Book.svelte'),
  help: () => import('./screens/Help.svelte'),
};

export const screenOf: Find = (name) => {
  if (name === 'today') return asScreen(Today);
  const load = entrances[name] ?? screens[name] ?? (() => import('./screens/NotFound.svelte'));
  return Promise.all([load(), loadSentences('all')]).then(([module]) => asScreen(module.default));
};
