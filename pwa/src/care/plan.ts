/** The session days of a plan: which day is one, what a missed day does, what it adds up to. Twin of plan.py. */
const DAY_MS = 86_400_000;
const LOOK_BACK = 28;
const REVIEW_WEEKS = [2, 4] as const;

/** The days from `first` to `last`, both included; without `last`, until further notice. Days are `2026-11-22`. */
export interface Span {
  readonly first: string;
  readonly last: string | null;
}

export interface PlanFacts {
  readonly weekdays: readonly number[];
  readonly rest_day_between: boolean;
  readonly starts_on: string;
  /** The first day that has no session any more. */
  readonly ended_on: string | null;
  readonly pauses: readonly Span[];
}

export interface SessionDay {
  on: string;
  moved_from: string | null;
}

const number = (on: string): number => Math.round(Date.parse(`${on}T00:00:00Z`) / DAY_MS);
const text = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
/** Day 0 was a Thursday. */
const isoWeekday = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;
const holds = ({ first, last }: Span, on: string): boolean => first <= on && (last === null || on <= last);

function daysFrom(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
}

/** Begun, not ended, not paused. */
export function runs(plan: PlanFacts, on: string): boolean {
  const ended = plan.ended_on !== null && on >= plan.ended_on;
  return on >= plan.starts_on && !ended && !plan.pauses.some((pause) => holds(pause, on));
}

function isPlanned(plan: PlanFacts, day: number): boolean {
  return plan.weekdays.includes(isoWeekday(day)) && runs(plan, text(day));
}

/** The session days from `first` to `last`, as if each of them gets done; `plan.py` says why so. */
export function sessionDays(plan: PlanFacts, done: Iterable<string>, first: string, last: string): SessionDay[] {
  const had = new Set([...done].map(number));
  const begins = number(plan.starts_on);
  const found: SessionDay[] = [];
  for (const day of daysFrom(number(first), number(last))) {
    const monday = day - isoWeekday(day) + 1;
    const planned = daysFrom(monday, day).filter((one) => isPlanned(plan, one));
    const before = [...had].filter((one) => one >= Math.max(monday, begins) && one < day);
    const tired = had.has(day) || (plan.rest_day_between && had.has(day - 1));
    if (!runs(plan, text(day)) || planned.length <= before.length || tired) continue;
    found.push({ on: text(day), moved_from: planned.includes(day) ? null : movedFrom(planned, before) });
    had.add(day);
  }
  return found;
}

/** The last planned day that no session of this week stands for: each its own, the others the earliest left. */
function movedFrom(planned: readonly number[], before: readonly number[]): string | null {
  const undone = planned.filter((day) => !before.includes(day));
  const elsewhere = before.filter((day) => !planned.includes(day)).length;
  const last = undone.slice(elsewhere).at(-1);
  return last === undefined ? null : text(last);
}

/** The planned days of the 28 days up to today, which counts once it is done. Days under a warning were not planned. */
export function plannedDays(plan: PlanFacts, done: Iterable<string>, rests: readonly Span[], today: string): string[] {
  const had = new Set(done);
  return windowOf(plan, today)
    .filter((day) => isPlanned(plan, day))
    .map(text)
    .filter((on) => (on < today || had.has(on)) && !rests.some((rest) => holds(rest, on)));
}

/** How many sessions were planned and how many there were, in the 28 days up to today. */
export function plannedAndDone(
  plan: PlanFacts,
  done: Iterable<string>,
  rests: readonly Span[],
  today: string,
): { planned: number; done: number } {
  const had = new Set(done);
  const there = windowOf(plan, today).filter((day) => had.has(text(day)));
  return { planned: plannedDays(plan, had, rests, today).length, done: there.length };
}

function windowOf(plan: PlanFacts, today: string): number[] {
  return daysFrom(Math.max(number(today) - LOOK_BACK + 1, number(plan.starts_on)), number(today));
}

/** The week whose review is to be asked now, the later one when both are open. Paused days do not count. */
export function reviewDue(plan: PlanFacts, reviewed: readonly number[], today: string): 2 | 4 | null {
  if (!runs(plan, today)) return null;
  const days = daysFrom(number(plan.starts_on), number(today) - 1);
  const weeks = Math.floor(days.filter((day) => runs(plan, text(day))).length / 7);
  const latest = REVIEW_WEEKS.findLast((week) => week <= weeks);
  return latest === undefined || reviewed.some((week) => week >= latest) ? null : latest;
}
