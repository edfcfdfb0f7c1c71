/** The feet between massages: the daily check, skin temperature, shoes, the next foot exam. Twin of decisions.py and feet.py. */
import feetJson from '$care/feet.json';
import { addMonths } from './clearances';
import type { Decision, Level, SessionOutcome } from './decisions';
import { type Answers, evaluate, type Outcome } from './rules';
import { footCheckTable, footExamTable, rulesVersion, shoeCheckTable, skinTemperature, triageTable } from './tables';
import { evaluateTriage, stricter, triageQuestions } from './triage';

/** What a foot check looks at: points, signs, spots and do-nots, as keys of their sentences. */
export const feet = feetJson;

export type Unit = 'C' | 'F';
export type Result = 'all_clear' | 'seen' | 'not_seen_well';

export interface FootCheckOutcome {
  /** Nothing at all was found, and both feet could be seen well. */
  clear: boolean;
  level: Level | null;
  signs: string[];
  advice: string[];
  blocks: SessionOutcome['blocks'];
}

export interface ShoeOutcome {
  verdict: 'replace' | 'do_not_wear' | 'wear';
  level: Level | null;
  advice: string[];
}

// Outcomes are JSON of our own tables, whose members and values the Python tests check; here they get their types.
function read(answers: Answers) {
  return evaluate(footCheckTable, answers) as Outcome as unknown as Omit<FootCheckOutcome, 'blocks'> & {
    as_triage: string[];
  };
}

/** What is told under "Something wrong with my foot" when this is seen at a foot check; the rest is "no" there. */
export function triageOf(answers: Answers): Record<string, unknown> {
  const told = read(answers).as_triage;
  const found: Record<string, unknown> = { areas_marked: answers.areas_marked };
  for (const { name, after } of triageTable.inputs) {
    if (after !== undefined) found[name] = answers[name];
    else found[name] = told.includes(name) ? 'yes' : 'no';
  }
  return found;
}

/** Whether the check is clear, how urgent what was found is, the blocks it makes, and what to do (brief §7). */
export function evaluateFootCheck(answers: Answers): FootCheckOutcome {
  const { clear, level, signs, advice } = read(answers);
  const triage = evaluateTriage(triageOf(answers));
  return { clear, signs, advice, level: stricter(level, triage.level), blocks: triage.blocks };
}

export function decideFootCheck(answers: Answers): Decision<FootCheckOutcome> {
  return { rules_version: rulesVersion, inputs: { ...answers }, outcome: evaluateFootCheck(answers) };
}

/** Everything that can be seen or felt, as the table names it. */
export const footSigns: readonly string[] = footCheckTable.inputs
  .filter(({ name, after, question }) => after === undefined && question !== undefined && name !== 'result')
  .map(({ name }) => name);

/** The one more questions that these findings call for, its own first. */
export function footQuestions(answers: Answers): string[] {
  const own = footCheckTable.inputs
    .filter(({ after }) => after !== undefined && (answers[after] === 'yes' || answers[after] === 'not_sure'))
    .map(({ name }) => name);
  return [...new Set([...own, ...triageQuestions(triageOf(answers))])];
}

/** Whether these shoes may be worn now, and what to do about them (brief §8). */
export function evaluateShoes(answers: Answers): ShoeOutcome {
  return evaluate(shoeCheckTable, answers) as Outcome as unknown as ShoeOutcome;
}

export function decideShoes(answers: Answers): Decision<ShoeOutcome> {
  return { rules_version: rulesVersion, inputs: { ...answers }, outcome: evaluateShoes(answers) };
}

/** The skin at one spot of both feet, in the unit that was typed; null where it was not measured. */
export interface Reading {
  readonly spot: string;
  readonly left: number | null;
  readonly right: number | null;
}

/** The readings of one check on the local day `on`. */
export interface Measured {
  readonly on: string;
  readonly unit: string | null;
  readonly readings: readonly Reading[];
}

/** One foot is warmer than the other at a spot. */
export interface Warm {
  readonly spot: string;
  readonly foot: 'left' | 'right';
}

/** Where one foot is warmer than the other by more than the cut-off of this unit. */
export function warmSpots({ unit, readings }: Measured): Warm[] {
  return readings.flatMap(({ spot, left, right }): Warm[] => {
    if (left === null || right === null) return [];
    const difference = tenths(left) - tenths(right);
    const { warmer } = evaluate(skinTemperature, { unit, difference: Math.abs(difference) / 10 });
    return warmer === true ? [{ spot, foot: difference > 0 ? 'left' : 'right' }] : [];
  });
}

/** The spots of `today` at which the same foot was warmer in a check of the day before. */
export function warmTwoDays(today: Measured, before: readonly Measured[]): Warm[] {
  const known = before.filter(({ on }) => isDayBefore(on, today.on)).flatMap(warmSpots);
  return warmSpots(today).filter(({ spot, foot }) => known.some((warm) => warm.spot === spot && warm.foot === foot));
}

/** In tenths, as it was typed: 34.1 - 31.9 is more than 2.2 in binary. */
const tenths = (value: number) => Math.floor(value * 10 + 0.5);

const isDayBefore = (one: string, other: string) => Date.parse(other) - Date.parse(one) === 24 * 60 * 60 * 1000;

/** When the next professional foot exam falls due: from `due_from`, and it is late after `due_by`. */
export interface FootExam {
  readonly due_from: string;
  readonly due_by: string;
  readonly overdue: boolean;
}

/** The fewest and the most months between two exams, by the answers of the profile. */
export function examMonths(profile: Answers): { from: number; to: number } {
  return evaluate(footExamTable, {
    past_ulcer: profile.past_ulcer_or_shape,
    shape_change: profile.past_ulcer_or_shape,
    numb_feet: profile.numb_feet,
    poor_circulation: profile.poor_circulation,
  }) as unknown as { from: number; to: number };
}

/** When the exam after the one of `lastOn` is due. */
export function footExam(lastOn: string, profile: Answers, today: string): FootExam {
  const { from, to } = examMonths(profile);
  const due_by = addMonths(lastOn, to);
  return { due_from: addMonths(lastOn, from), due_by, overdue: !(today <= due_by) };
}
