/** Why a visit may help (brief §14), and what a patient may take along: numbers from this phone's own records. */
import { evaluateProfile, type Level } from '../care/decisions';
import { footExam } from '../care/feet';
import { evaluateSymptoms } from '../care/symptoms';
import { type BookOutcome, evaluateBook, stricter } from '../care/triage';
import { enoughDays, mean } from '../components/mean';
import { baseline, changeInputs, meanOfWeek, thisWeek, WEEK_DAYS } from '../diary/weeks';
import type { Finding } from '../feet/check';
import type { Me } from '../glucose/decide';
import { pattern } from '../glucose/patterns';
import type { Reading } from '../glucose/readings';
import { addDays } from '../localtime';
import type { Records } from '../store/records';
import { openEvents, type TriageEvent } from './events';

export const SUMMARY_DAYS = 28;
const WEEKS_4 = 28;

export interface Facts {
  today: string;
  profile: Records['me']['profile'];
  /** When the last professional foot exam was; null when nobody has asked yet. */
  exam: Records['me']['foot_exam'];
  diary: readonly Records['symptom_entry'][];
  logs: readonly Records['session_log'][];
  events: readonly TriageEvent[];
  readings: readonly Reading[];
  region: Me['region'];
  /** The sugar targets of one's own. */
  targets: Me['glucose_targets'];
  now: Date;
  baths: readonly Records['comfort_log'][];
}

export interface Visit extends BookOutcome {
  /** Of what was told in the last week and is still open, and of the sugar readings. */
  level: Level | null;
  worried: boolean;
  /** Of the sugar readings of a day. */
  sugar: Level | null;
}

export function visit({
  today,
  profile,
  exam,
  diary,
  logs,
  events,
  baths,
  readings,
  region,
  targets,
  now,
}: Facts): Visit {
  const open = openEvents(events, today);
  const level = open.reduce<Level | null>((strictest, event) => stricter(strictest, levelOf(event)), null);
  const worried = open.some((event) => event.worried);
  const sugar = pattern({ me: { region, profile, glucose_targets: targets }, readings }, now, today);
  const pain = painOf(diary, logs, today);
  const outcome = evaluateBook({
    triage_level: level ?? 'none',
    ...sugar,
    glucose_level: sugar.glucose_level ?? 'none',
    heat_injury: yes(open.some(({ signs }) => signs.includes('burn')) || baths.some((bath) => isHurt(bath, today))),
    worried: yes(worried),
    ask_clinic: yes(profile !== null && evaluateProfile(profile.answers).mode === 'ask'),
    weekly_pain: pain?.inputs.pain ?? 0,
    weekly_pain_change: -(pain?.inputs.pain_fall ?? 0),
    pain_down_numbness_up: yes(pain?.said.reasons.includes('pain_down_numbness_up') ?? false),
    no_better_at_week_4: yes(pain !== null && noBetter(today, pain)),
    foot_exam_overdue: examOverdue(exam, profile, events, today),
  });
  return { ...outcome, level: stricter(level, sugar.glucose_level), worried, sugar: sugar.glucose_level };
}

/** What the patient was asked counts; before that, what they told by themselves. */
function examOverdue(exam: Facts['exam'], profile: Facts['profile'], events: Facts['events'], today: string) {
  if (!exam) return yes(events.some(({ signs }) => signs.includes('foot_exam_overdue')));
  return exam.on === null ? 'not_sure' : yes(footExam(exam.on, profile?.answers ?? {}, today).overdue);
}

const yes = (is: boolean) => (is ? 'yes' : 'no');

/** The skin looked different after the water, within the last week (brief §14 'heat injury'). */
const isHurt = ({ on, skin }: Records['comfort_log'], today: string) =>
  skin === 'changed' && on > addDays(today, -WEEK_DAYS);

/** A level that this app does not know is the strictest. */
function levelOf({ level }: TriageEvent): Level | null {
  return level === null || level === 'same_day' || level === 'within_days' ? level : 'emergency';
}

/** The last week of the diary beside its baseline week, and what the rules say to it; null with too few notes. */
function painOf(diary: Facts['diary'], logs: Facts['logs'], today: string) {
  const week = thisWeek(diary, today);
  if (!week) return null;
  const firstMassage = logs.reduce<string | null>((first, { on }) => (first !== null && first < on ? first : on), null);
  const base = baseline(diary, firstMassage);
  const inputs = changeInputs(week, base);
  return { base, firstMassage, inputs, said: evaluateSymptoms(inputs) };
}

/** Four weeks after the first massage and after the week compared with, not even a little better (brief §5, §11). */
function noBetter(today: string, { base, firstMassage, said }: NonNullable<ReturnType<typeof painOf>>): boolean {
  const began = base && firstMassage !== null && base.first > firstMassage ? base.first : firstMassage;
  if (began === null || today < addDays(began, WEEKS_4)) return false;
  return ['up', 'a_little_worse', 'same'].includes(said.change);
}

export interface Summary {
  from: string;
  to: string;
  /** With what the foot check that told it found, and where. */
  told: { event: TriageEvent; findings: readonly Finding[] }[];
  warnings: string[];
  sessions: number;
  /** Of the sessions that have both. */
  painSessions: { before: number; after: number } | null;
  painWeek: { mean: number; days: number } | null;
  steps: { mean: number; days: number } | null;
}

interface Entries extends Pick<Facts, 'today' | 'diary' | 'logs' | 'events'> {
  checks: readonly Records['foot_check'][];
  blocks: readonly Records['block'][];
  steps: readonly Records['step_count'][];
}

/** The last 28 days in numbers. */
export function summary({ today, diary, logs, events, checks, blocks, steps }: Entries): Summary {
  const from = addDays(today, 1 - SUMMARY_DAYS);
  const inside = ({ on }: { on: string }) => on >= from && on <= today;
  const sessions = logs.filter(inside);
  const measured = sessions.flatMap(({ pain_before, pain_after }) =>
    pain_before === null || pain_after === null ? [] : [{ before: pain_before, after: pain_after }],
  );
  // A day that is not over would pull the mean down.
  const walked = steps.filter((day) => inside(day) && !day.is_partial && day.on < today).map((day) => day.steps);
  const week = thisWeek(diary, today);
  return {
    from,
    to: today,
    told: events
      .filter(inside)
      .filter(({ level, worried }) => level !== null || worried)
      .map((event) => ({ event, findings: checks.find(({ id }) => id === event.id)?.findings ?? [] })),
    warnings: [...new Set(blocks.filter(inside).map(({ warning }) => warning))],
    sessions: sessions.length,
    painSessions:
      measured.length === 0
        ? null
        : { before: mean(measured.map(({ before }) => before)), after: mean(measured.map(({ after }) => after)) },
    painWeek: week && { mean: meanOfWeek(week.pain), days: week.pain.days },
    steps: walked.length < enoughDays ? null : { mean: Math.round(mean(walked)), days: walked.length },
  };
}
