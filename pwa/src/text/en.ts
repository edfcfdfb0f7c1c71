/** Every English sentence of the app, by key. English is the measure: other languages have the same keys. */

import { frame } from './en/frame';
import { session } from './en/session';

export const en = { ...frame, ...session } as const;
