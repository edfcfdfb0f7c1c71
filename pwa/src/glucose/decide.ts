/** From a reading and what is known of the patient to the answers that the tables decide on. */
import {
  decideGlucose,
  evaluateGlucose,
  evaluatePreExercise,
  type GlucoseOutcome,
  signs,
  type WalkOutcome,
} from '../care/glucose';
import { kept } from '../session/blocks';
import type { Records } from '../store/records';
import { historyAt, numberOf, type Reading } from './readings';

export type Me = Pick<Records['me'], 'region' | 'profile' | 'glucose_targets'>;

export interface Known {
  me: Me;
  /** The diary; the reading itself may be in it. */
  readings: readonly Reading[];
}

const risks = ['low_sugar_medicine', 'type_1', 'sglt2_inhibitor', 'pregnant'] as const;

/** What the patient has not answered is left out: the tables then take the strictest. */
function answersOf(reading: Reading, { me, readings }: Known): Record<string, unknown> {
  const { special, value, unit, context, ketones } = reading;
  const profile = me.profile?.answers ?? {};
  const asked = risks.filter((name) => Object.hasOwn(profile, name)).map((name) => [name, profile[name]]);
  const told: readonly string[] = reading.signs;
  const others = readings.filter(({ id }) => id !== reading.id);
  return {
    special: special ?? 'none',
    value: numberOf(value),
    unit,
    region: me.region,
    context,
    targets: me.glucose_targets ?? null,
    ...Object.fromEntries(asked),
    ...Object.fromEntries(signs.map((sign) => [sign, told.includes(sign) ? 'yes' : 'no'])),
    ketone_test: ketones === null ? 'none' : ketones.blood === null ? 'strip' : 'blood',
    ketones_blood: numberOf(ketones?.blood ?? null),
    ketones_strip: ketones?.strip ?? null,
    ...historyAt(others, new Date(reading.recorded_at), me.region),
  };
}

/** The reading with what the rules say about it now. */
export function decided(reading: Reading, known: Known): Reading {
  return { ...reading, decision: kept(decideGlucose(answersOf(reading, known))) };
}

/**
 * What was decided when it was kept. A reading that came without a decision is decided here, from its number and the
 * diary: signs that nobody told are none, and of medicine that nobody asked about the strictest counts.
 */
export function outcomeOf(reading: Reading, known: Known): GlucoseOutcome {
  const given = (reading.decision?.outcome ?? {}) as Partial<GlucoseOutcome>;
  const { label, level, recheck } = given;
  if (label === undefined || level === undefined || recheck === undefined) {
    return evaluateGlucose(answersOf(reading, known));
  }
  const rest = { ketones: 'none' as const, ask_ketones: false, steps: [], plan: [], watch: [] };
  return { ...rest, ...given, label, level, recheck };
}

export function beforeWalk(reading: Reading, known: Known): WalkOutcome {
  return evaluatePreExercise(answersOf(reading, known));
}
