/** Heat and cold (brief §3): the gate, the water, and how often. Lukewarm comfort is for few; the rest is refused. */
import comfortJson from '$care/comfort.json';
import { type BlockFacts, stillStands } from './blocks';
import { type ClearanceFacts, countsFor, type Moment } from './clearances';
import type { Decision } from './decisions';
import { type Answers, evaluate, type Outcome } from './rules';
import { bathWater, heatGate, rulesVersion } from './tables';

export interface ComfortOutcome {
  result: 'refuse' | 'no_timer' | 'ask_clinic' | 'offer';
  /** The row that decided; `none` when nothing speaks against it. */
  why: string;
  /** The action ladder comes first. */
  ladder: boolean;
}

export type Water = 'fits' | 'too_hot' | 'too_warm' | 'too_cool' | 'measure_again';
export type Bowl = 'warm' | 'cool';

export interface ComfortStep {
  readonly key: string;
  readonly bowl: Bowl;
  readonly seconds: number;
  readonly kind: 'rest' | 'look';
  readonly line: string;
}

/** The clearance that lukewarm comfort needs. */
export const HEAT = 'heat';

export const { longest_minutes: LONGEST_MINUTES, most_a_day: MOST_A_DAY, most_a_week: MOST_A_WEEK } = comfortJson;
export const comfortScript = { id: 'COMFORT', steps: comfortJson.steps as readonly ComfortStep[] };

// Outcomes are JSON of our own tables, whose members and values the Python tests check; here they get their types.
export function evaluateComfort(answers: Answers): ComfortOutcome {
  return evaluate(heatGate, answers) as Outcome as unknown as ComfortOutcome;
}

export function decideComfort(answers: Answers): Decision<ComfortOutcome> {
  return { rules_version: rulesVersion, inputs: { ...answers }, outcome: evaluateComfort(answers) };
}

/** What the patient is asked, in the order of the screen; the rest is known from the profile and the records. */
export const comfortQuestions = heatGate.inputs.filter(({ question }) => question !== undefined);

/** Blocks that are no warning sign of the feet, but of a person who would not notice a burn. */
const UNWELL = ['low_sugar', 'drunk_or_sleepy', 'might_faint'];

export interface ComfortFacts extends Moment {
  /** The answers of a profile that is not to be asked again. */
  profile: Answers;
  clearances: readonly ClearanceFacts[];
  blocks: readonly BlockFacts[];
  logs: readonly { skin: string | null; ended_at: string }[];
  /** What was told as under "Something wrong with my foot". */
  events: readonly { on: string; level: string | null; worried: boolean }[];
}

/** What is known without asking. An answer that is missing stays missing, which the gate takes for the strictest. */
export function knownAnswers({
  profile,
  clearances,
  blocks,
  logs,
  events,
  ...at
}: ComfortFacts): Record<string, unknown> {
  const fromProfile = heatGate.inputs.filter(({ name, question }) => question === undefined && name in profile);
  const standing = blocks.filter((block) => stillStands(block, at.now)).map(({ warning }) => warning);
  const hurt = logs.filter(({ skin }) => skin === 'changed').map(({ ended_at }) => ended_at);
  // Whatever was told today, no water for the rest of the day (design).
  const toldToday = events.some(({ on, level, worried }) => on === at.today && (level !== null || worried));
  // Skin that looked different after the water asks the clinic again (design).
  const newer = clearances.filter(({ recorded_at }) => hurt.every((ended_at) => ended_at < recorded_at));
  return {
    ...Object.fromEntries(fromProfile.map(({ name }) => [name, profile[name]])),
    // Who signs up says that they are an adult.
    adult: 'yes',
    clinic_ok: newer.some((clearance) => countsFor(clearance, HEAT, blocks, at)) ? 'yes' : 'no',
    ...((toldToday || standing.some((warning) => !UNWELL.includes(warning))) && { warning: 'yes' }),
    ...(standing.some((warning) => UNWELL.includes(warning)) && { drowsy_or_alcohol: 'yes' }),
  };
}

/** Whether these known answers refuse whatever else is said: then nothing is asked. */
export function refusedAtOnce(known: Answers): ComfortOutcome | null {
  const best = Object.fromEntries(
    comfortQuestions.map(({ name, answers = [], strictest }) => [
      name,
      answers.find((one) => one !== strictest && one !== 'not_sure'),
    ]),
  );
  const outcome = evaluateComfort({ ...best, ...known });
  return outcome.result === 'refuse' ? outcome : null;
}

/** What a thermometer shows, as it was typed. A comma is a point; what is no number is NaN. */
export function readTemperature(typed: string): number {
  const text = typed.trim().replace(',', '.');
  return /^\d{1,3}(\.\d)?$/.test(text) ? Number(text) : Number.NaN;
}

/** Whether the water of a bowl is right, in the unit that was read. */
export function waterOf(bowl: Bowl, unit: string, temperature: number): Water {
  return evaluate(bathWater, { bowl, unit, temperature }).water as Water;
}

/** Once a day and three times in seven days (design): which of the two is used up, if one is. */
export function usedUp(days: readonly string[], today: string, weekAgo: string): 'today' | 'week' | null {
  if (days.filter((on) => on === today).length >= MOST_A_DAY) return 'today';
  return days.filter((on) => on > weekAgo && on <= today).length >= MOST_A_WEEK ? 'week' : null;
}
