/** Which screen belongs to which address. Only Today comes with the first load; the others are fetched when opened. */
import type { Component } from 'svelte';
import type { Route } from './router';
import Today from './screens/Today.svelte';

export type ScreenComponent = Component<{ route: Route }>;
type Load = () => Promise<{ default: unknown }>;

/** Screens that need no account. */
export const entrances: Record<string, Load> = {
  welcome: () => import('./screens/Welcome.svelte'),
  'sign-up': () => import('./screens/SignUp.svelte'),
  'sign-in': () => import('./screens/SignIn.svelte'),
  reset: () => import('./screens/ResetPassword.svelte'),
};

/** Screens of a patient. */
export const screens: Record<string, Load> = {
  log: () => import('./screens/Log.svelte'),
  'log/symptoms': () => import('./screens/LogSymptoms.svelte'),
  'log/steps': () => import('./screens/LogSteps.svelte'),
  'log/session': () => import('./screens/LogSession.svelte'),
  session: () => import('./screens/Session.svelte'),
  profile: () => import('./screens/Profile.svelte'),
  progress: () => import('./screens/Progress.svelte'),
  more: () => import('./screens/More.svelte'),
  reminders: () => import('./screens/Reminders.svelte'),
  devices: () => import('./screens/Devices.svelte'),
  settings: () => import('./screens/Settings.svelte'),
  help: () => import('./screens/Help.svelte'),
};

/** The screen at once where it is here already, else a promise of it. */
export function screenOf(name: string): ScreenComponent | Promise<ScreenComponent> {
  if (name === 'today') return asScreen(Today);
  const load = entrances[name] ?? screens[name] ?? (() => import('./screens/NotFound.svelte'));
  return load().then((module) => asScreen(module.default));
}

/** Most screens do not look at their route and so declare no props; Svelte's types keep those two apart. */
function asScreen(component: unknown): ScreenComponent {
  return component as ScreenComponent;
}
