/** The few sentences of the worker, taken by the build from the clinical texts of every language. */
import type { Fallback } from '../push/payload';

export interface Words {
  unknown: Fallback;
  alreadyDone: Fallback;
}

export function wordsIn(lang: string): Words {
  const texts = __WORKER_TEXTS__[lang.split('-')[0] ?? 'en'] ?? {};
  const find = (key: string): string | undefined => texts[key] ?? __WORKER_TEXTS__.en?.[key];
  const unknown = { title: find('push.unknown.title') ?? 'Footwell', body: find('push.unknown.body') ?? '' };
  return {
    unknown,
    alreadyDone: {
      title: find('push.already_done.title') ?? unknown.title,
      body: find('push.already_done.body') ?? unknown.body,
    },
  };
}
