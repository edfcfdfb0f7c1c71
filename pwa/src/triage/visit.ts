/** Why a visit may help (brief §14), and what a patient may take along: numbers from this phone's own records. */
import { evaluateProfile, type Level } from '../care/decisions';
import { footExam } from '../care/feet';
import { type BookOutcome, evaluateBook, stricter } from '../care/triage';
import { enoughDays, mean } from '../components/mean';
import { addDays } from '../localtime';
import type { Records } from '../store/records';
import { openEvents, type TriageEvent } from './events';

export const SUMMARY_DAYS = 28;
const WEEK = 7;
const WEEKS_4 = 28;

export interface Facts {
  today: string;
  profile: Records['me']['profile'];
  /** When the last professional foot exam was; null when nobody has asked yet. */
  exam: Records['me']['foot_exam'];
  diary: readonly Records['symptom_entry'][];
  logs: readonly Records['session_log'][];
  events: readonly TriageEvent[];
  baths: readonly Records['comfort_log'][];
}

export interface Visit extends BookOutcome {
  /** Of what was told in the last week and is still open. */
  level: Level | null;
  worried: boolean;
}

export function visit({ today, profile, exam, diary, logs, events, baths }: Facts): Visit {
  const open = openEvents(events, today);
  const level = open.reduce<Level | null>((strictest, event) => stricter(strictest, levelOf(event)), null);
  const worried = open.some((event) => event.worried);
  const pain = weekOf(diary, addDays(today, 1 - WEEK));
  const first = baseline(diary, logs);
  const outcome = evaluateBook({
    triage_level: level ?? 'none',
    // The sugar diary and its levels come later. Until then there is nothing to say about them.
    glucose_level: 'none',
    lows_a_week: 0,
    days_above_target: 0,
    heat_injury: yes(open.some(({ signs }) => signs.includes('burn')) || baths.some((bath) => isHurt(bath, today))),
    worried: yes(worried),
    ask_clinic: yes(profile !== null && evaluateProfile(profile.answers).mode === 'ask'),
    weekly_pain: pain?.mean ?? 0,
    weekly_pain_change: pain && first ? pain.mean - first.mean : 0,
    no_better_at_week_4: yes(noBetter(today, pain, first)),
    foot_exam_overdue: examOverdue(exam, profile, events, today),
  });
  return { ...outcome, level, worried };
}

/** What the patient was asked counts; before that, what they told by themselves. */
function examOverdue(exam: Facts['exam'], profile: Facts['profile'], events: Facts['events'], today: string) {
  if (!exam) return yes(events.some(({ signs }) => signs.includes('foot_exam_overdue')));
  return exam.on === null ? 'not_sure' : yes(footExam(exam.on, profile?.answers ?? {}, today).overdue);
}

const yes = (is: boolean) => (is ? 'yes' : 'no');

/** The skin looked different after the water, within the last week (brief §14 'heat injury'). */
const isHurt = ({ on, skin }: Records['comfort_log'], today: string) =>
  skin === 'changed' && on > addDays(today, -WEEK);

/** A level that this app does not know is the strictest. */
function levelOf({ level }: TriageEvent): Level | null {
  return level === null || level === 'same_day' || level === 'within_days' ? level : 'emergency';
}

interface Week {
  from: string;
  mean: number;
  days: number;
}

/** The mean of seven days from `from`; null where there are fewer than four (brief §11). */
function weekOf(diary: Facts['diary'], from: string): Week | null {
  const to = addDays(from, WEEK - 1);
  const pains = diary.filter(({ on }) => on >= from && on <= to).map(({ pain }) => pain);
  return pains.length < enoughDays ? null : { from, mean: mean(pains), days: pains.length };
}

/** The week of the first massage. */
function baseline(diary: Facts['diary'], logs: Facts['logs']): Week | null {
  const start = logs.reduce((first, { on }) => (first === '' || on < first ? on : first), '');
  return start === '' ? null : weekOf(diary, start);
}

/** Four weeks after the first massage, not even a little better: 1 point or 15 % lower [Q2]. */
function noBetter(today: string, now: Week | null, first: Week | null): boolean {
  if (!now || !first || today < addDays(first.from, WEEKS_4)) return false;
  return first.mean - now.mean < Math.min(1, first.mean * 0.15);
}

export interface Summary {
  from: string;
  to: string;
  told: TriageEvent[];
  warnings: string[];
  sessions: number;
  /** Of the sessions that have both. */
  painSessions: { before: number; after: number } | null;
  painWeek: { mean: number; days: number } | null;
  steps: { mean: number; days: number } | null;
}

interface Entries extends Pick<Facts, 'today' | 'diary' | 'logs' | 'events'> {
  blocks: readonly Records['block'][];
  steps: readonly Records['step_count'][];
}

/** The last 28 days in numbers. */
export function summary({ today, diary, logs, events, blocks, steps }: Entries): Summary {
  const from = addDays(today, 1 - SUMMARY_DAYS);
  const inside = ({ on }: { on: string }) => on >= from && on <= today;
  const sessions = logs.filter(inside);
  const measured = sessions.flatMap(({ pain_before, pain_after }) =>
    pain_before === null || pain_after === null ? [] : [{ before: pain_before, after: pain_after }],
  );
  // A day that is not over would pull the mean down.
  const walked = steps.filter((day) => inside(day) && !day.is_partial && day.on < today).map((day) => day.steps);
  return {
    from,
    to: today,
    told: events.filter(inside).filter(({ level, worried }) => level !== null || worried),
    warnings: [...new Set(blocks.filter(inside).map(({ warning }) => warning))],
    sessions: sessions.length,
    painSessions:
      measured.length === 0
        ? null
        : { before: mean(measured.map(({ before }) => before)), after: mean(measured.map(({ after }) => after)) },
    painWeek: painOf(diary, today),
    steps: walked.length < enoughDays ? null : { mean: Math.round(mean(walked)), days: walked.length },
  };
}

function painOf(diary: Facts['diary'], today: string): Summary['painWeek'] {
  const week = weekOf(diary, addDays(today, 1 - WEEK));
  return week && { mean: week.mean, days: week.days };
}
