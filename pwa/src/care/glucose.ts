/** What a sugar reading is called, what to do about it, and whether to walk with it (brief §9). Twin of glucose.py. */
import limitsJson from '$care/glucose_limits.json';
import type { Decision, Level } from './decisions';
import { type Answers, evaluate, readAnswer } from './rules';
import { glucoseAction, glucoseKetones, glucoseLabel, glucosePreExercise, rulesVersion } from './tables';
import { stricter } from './triage';

export const units = ['mg/dL', 'mmol/L'] as const;
export type Unit = (typeof units)[number];
export const contexts = ['fasting', 'before_meal', 'after_meal', 'bedtime', 'exercise', 'unwell', 'other'] as const;
export type Context = (typeof contexts)[number];
export const signs = [
  'vomiting',
  'fruity_breath',
  'fast_breathing',
  'belly_pain',
  'confusion',
  'drowsy',
  'fit',
  'cannot_swallow',
  'very_thirsty',
  'feels_ill',
] as const;
export type Sign = (typeof signs)[number];
export const strips = ['negative', 'trace', 'small', 'moderate', 'large'] as const;
export type Strip = (typeof strips)[number];

export type Label =
  | 'very_low'
  | 'low'
  | 'under_target'
  | 'in_target'
  | 'above_target'
  | 'logged'
  | 'high'
  | 'very_high'
  | 'extremely_high';

export interface GlucoseOutcome {
  label: Label;
  ketones: 'none' | 'ok' | 'some' | 'high' | 'very_high';
  level: Level | null;
  ask_ketones: boolean;
  /** Minutes until it should be checked again. */
  recheck: number | null;
  /** Keys of `glucose.step.…`, in order. */
  steps: string[];
  /** The same, after the steps: what is not said in an emergency. */
  plan: string[];
  /** Keys of `glucose.watch.…`: signs to call for, beside the steps. */
  watch: string[];
}

export interface WalkOutcome {
  verdict: 'treat' | 'eat_first' | 'go' | 'light' | 'ketones_first' | 'no';
  level: Level | null;
  ask_ketones: boolean;
  /** Keys of `glucose.walk.step.…`. */
  steps: string[];
}

export interface Targets {
  unit: Unit;
  before_low: number;
  before_high: number;
  after_below: number;
}

export type TargetName = Exclude<keyof Targets, 'unit'>;
export const targetNames: readonly TargetName[] = ['before_low', 'before_high', 'after_below'];

export const limits = limitsJson;

const urgent: readonly (Level | null)[] = ['emergency', 'same_day'];

// Outcomes are JSON of our own tables, whose members and values the Python tests check; here they get their types.
function typed<T>(outcome: unknown): T {
  return outcome as T;
}

/** The label of a reading, how urgent it is, the sentences that say what to do, and when to check again. */
export function evaluateGlucose(answers: Answers): GlucoseOutcome {
  const { label = null } = evaluate(glucoseLabel, { ...answers, position: targetPosition(answers) });
  const { ketones = null } = evaluate(glucoseKetones, answers);
  return typed({ label, ketones, ...evaluate(glucoseAction, { ...answers, label, ketones }) });
}

/** Whether to start a walk with this reading; what is urgent about the reading itself is joined with it. */
export function evaluatePreExercise(answers: Answers): WalkOutcome {
  const { level } = evaluateGlucose(answers);
  const read = new Map(
    glucoseAction.inputs.map((input) => [
      input.name,
      readAnswer(input, Object.hasOwn(answers, input.name) ? answers[input.name] : undefined),
    ]),
  );
  const medicine = ['low_sugar_medicine', 'type_1'].some((name) => read.get(name) !== 'no');
  const { exercise } = evaluate(glucoseKetones, answers);
  const outcome = typed<WalkOutcome>(
    evaluate(glucosePreExercise, {
      ...answers,
      medicine: medicine ? 'yes' : 'no',
      urgent: urgent.includes(level) ? 'yes' : 'no',
      well: signs.every((sign) => read.get(sign) === 'no') ? 'yes' : 'no',
      exercise,
    }),
  );
  return { ...outcome, level: stricter(outcome.level, level) };
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isUnit = (unit: unknown): unit is Unit => units.some((known) => known === unit);

/**
 * Where a reading lies beside the target of its context: under, in, above, or none where there is no target.
 *
 * The patient's own target counts in the unit it was set in; beside a reading in the other unit there is none, for
 * nothing is converted to compare. In pregnancy only a target of one's own counts.
 */
export function targetPosition({ context, value, unit, ...answers }: Answers): 'under' | 'in' | 'above' | 'none' {
  const before = context === 'fasting' || context === 'before_meal';
  if (!(before || context === 'after_meal') || !isNumber(value)) return 'none';
  const target = targetOf(answers, unit);
  if (target === null) return 'none';
  if (!before) return value < target.after_below ? 'in' : 'above';
  if (value < target.before_low) return 'under';
  return value <= target.before_high ? 'in' : 'above';
}

/** The target that counts for readings in this unit; null where there is none. */
export function targetOf({ targets, pregnant }: Answers, unit: unknown): Omit<Targets, 'unit'> | null {
  if (typeof targets === 'object' && targets !== null && !Array.isArray(targets)) {
    const own = targets as Partial<Record<string, unknown>>;
    const known = targetNames.every((name) => isNumber(own[name]));
    return known && own.unit === unit ? typed<Targets>(own) : null;
  }
  if ((targets !== null && targets !== undefined) || pregnant !== 'no' || !isUnit(unit)) return null;
  return limits.target[unit];
}

/** The member of a target of one's own that is out of bounds or in the wrong order; null when it may be kept. */
export function targetProblem(targets: Targets): TargetName | null {
  for (const name of targetNames) {
    const { from, to } = limits.target_limits[targets.unit][name];
    if (!(targets[name] >= from && targets[name] <= to)) return name;
  }
  return targets.before_low >= targets.before_high ? 'before_high' : null;
}

export function decideGlucose(answers: Answers): Decision<GlucoseOutcome> {
  return { rules_version: rulesVersion, inputs: { ...answers }, outcome: evaluateGlucose(answers) };
}

/** From which reading on it is no longer low, for the patient's region. */
export function okFrom(unit: Unit, region: string): number {
  const from = limits.ok_from[unit];
  return region === 'GB' || region === 'IE' ? from[region] : from.usual;
}
