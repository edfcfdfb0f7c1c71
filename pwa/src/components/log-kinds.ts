/** How each kind of record stands in the log: when it was, its name, what it says, and where it is changed. */

import { findingWords } from '../feet/words';
import { type Me, outcomeOf } from '../glucose/decide';
import { isDoubtful } from '../glucose/patterns';
import { cameFrom, ketoneWords, labelWords, readingWords } from '../glucose/words';
import { href } from '../router';
import { handEntry } from '../store/step-day';
import type { Records, SavedKind } from '../store/store';
import { findText, number, t } from '../text';
import { care } from '../text/care';
import type { IconName } from './icons';

export interface LogKind<R> {
  icon: IconName;
  /** The moment it stands under; null keeps a record out of the list. */
  at: (record: R) => string | null;
  title: (record: R) => string;
  /** Its lines: the first is what counts, the others are quiet. */
  words: (record: R, me: Me) => string[];
  /** Where it says more: what to do, or how it came to be. */
  see?: (record: R, id: string) => string;
  edit: (record: R, id: string) => string;
}

const symptomEntry: LogKind<Records['symptom_entry']> = {
  icon: 'smile',
  at: ({ recorded_at }) => recorded_at,
  title: () => t('entry.diary'),
  words({ pain, tingling, numbness, note }) {
    const said = [t('entry.pain', { n: pain })];
    if (tingling !== null) said.push(t('entry.tingling', { n: tingling }));
    if (numbness !== null) said.push(t('entry.numbness', { n: numbness }));
    return note ? [said.join(' · '), note] : [said.join(' · ')];
  },
  edit: ({ on }) => href('log/symptoms', { on }),
};

const sessionLog: LogKind<Records['session_log']> = {
  icon: 'foot',
  at: ({ started_at }) => started_at,
  title({ seconds_done, state }) {
    const n = Math.round(seconds_done / 60);
    return state === 'finished' ? t('entry.massage', { n }) : t('entry.massage_stopped', { n });
  },
  words({ pain_before, pain_after, note }) {
    const pain = pain_before !== null && pain_after !== null;
    const change = pain && t('entry.pain_change', { before: number(pain_before), after: number(pain_after) });
    return [change, note].filter((word) => typeof word === 'string');
  },
  edit: (_, id) => href('log/session', { id }),
};

const glucoseReading: LogKind<Records['glucose_reading']> = {
  icon: 'drop',
  at: ({ recorded_at }) => recorded_at,
  title: () => t('glucose.entry'),
  words(reading, me) {
    const { label, level } = outcomeOf(reading, { me, readings: [] });
    const context = reading.context === 'other' ? null : findText(`glucose.context.${reading.context}`);
    const known = [label === 'logged' ? null : labelWords(label), context, ketoneWords(reading.ketones)].filter(
      Boolean,
    );
    const told = level && t('glucose.told', { what: care(`ladder.${level}.title`) });
    const asked = isDoubtful(reading) ? t('glucose.doubt.counts') : null;
    return [readingWords(reading), known.join(' · '), told, asked, cameFrom(reading), reading.note]
      .filter((word) => !!word)
      .map(String);
  },
  see: (_, id) => href('glucose/advice', { id }),
  edit: (_, id) => href('log/glucose', { id }),
};

const comfortLog: LogKind<Records['comfort_log']> = {
  icon: 'water',
  at: ({ started_at }) => started_at,
  title: ({ seconds_done }) => t('entry.comfort', { n: Math.round(seconds_done / 60) }),
  words({ warm_temperature: warm, cool_temperature: cool, temperature_unit: unit, skin, note }) {
    const water = t('entry.comfort.water', { warm, cool, unit });
    return [skin === 'changed' ? t('entry.comfort.changed') : null, water, note].filter((word) => word !== null);
  },
  edit: (_, id) => href('log/comfort', { id }),
};

/** Steps stand in the list only where the patient typed them: the rest is not theirs to edit. */
const stepCount: LogKind<Records['step_count']> = {
  icon: 'steps',
  at: (day) => handEntry(day)?.observed_at ?? null,
  title: () => t('entry.steps'),
  words: (day) => [t('entry.steps_n', { n: handEntry(day)?.steps ?? 0 })],
  see: ({ on }) => href(`steps/${on}`),
  edit: ({ on }) => href('log/steps', { on }),
};

const footCheck: LogKind<Records['foot_check']> = {
  icon: 'foot',
  at: ({ recorded_at }) => recorded_at,
  title: () => t('entry.foot_check'),
  words: ({ result, findings, note }) =>
    [care(`foot.result.${result}`), findings.map(findingWords).join(', '), note ?? ''].filter((word) => word !== ''),
  edit: (_, id) => href('log/foot-check', { id }),
};

const shoeCheck: LogKind<Records['shoe_check']> = {
  icon: 'steps',
  at: ({ recorded_at }) => recorded_at,
  title: () => t('entry.shoe_check'),
  words: ({ verdict, note }) => [care(`shoe.verdict.${verdict}`), note ?? ''].filter((word) => word !== ''),
  edit: (_, id) => href('log/shoes', { id }),
};

export const logKinds = {
  symptom_entry: symptomEntry,
  session_log: sessionLog,
  glucose_reading: glucoseReading,
  step_count: stepCount,
  comfort_log: comfortLog,
  foot_check: footCheck,
  shoe_check: shoeCheck,
} satisfies { [K in SavedKind]?: LogKind<Records[K]> };

export type LoggedKind = keyof typeof logKinds;

export const loggedKinds = Object.keys(logKinds) as LoggedKind[];

/** The same for a kind that is only known when it runs, with its record. */
export const logKindOf = (kind: LoggedKind): LogKind<Records[LoggedKind]> =>
  logKinds[kind] as LogKind<Records[LoggedKind]>;
