/** The screens that need no account, and what a screen is to the frame. */
import type { Component } from 'svelte';
import type { Route } from './router';
import { loadSentences } from './text';

export type ScreenComponent = Component<{ route: Route }>;
export type Load = () => Promise<{ default: unknown }>;
/** The screen of a name at once where it is here already, else a promise of it. */
export type Find = (name: string) => ScreenComponent | Promise<ScreenComponent>;

export const entrances: Record<string, Load> = {
  welcome: () => import('./screens/Welcome.svelte'),
  'sign-up': () => import('./screens/SignUp.svelte'),
  'sign-in': () => import('./screens/SignIn.svelte'),
  'mail-stop': () => import('./screens/MailStop.svelte'),
  reset: () => import('./screens/ResetPassword.svelte'),
};

/** Whoever is not signed in sees the way in, whatever the address. */
export const entranceOf: Find = async (name) => {
  const load = entrances[name] ?? (() => import('./screens/Welcome.svelte'));
  const [module] = await Promise.all([load(), loadSentences('account')]);
  return asScreen(module.default);
};

/** Most screens do not look at their route and so declare no props; Svelte's types keep those two apart. */
export function asScreen(component: unknown): ScreenComponent {
  return component as ScreenComponent;
}
