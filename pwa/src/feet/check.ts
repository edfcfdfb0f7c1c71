/** From what was seen, felt and measured to the records it makes: the check, its blocks, and what to ask about later. */
import { allAreas } from '../care/blocks';
import { type Decision, decideSession } from '../care/decisions';
import {
  decideFootCheck,
  type FootCheckOutcome,
  footSigns,
  type Measured,
  type Reading,
  type Result,
  triageOf,
  type Unit,
  warmSpots,
  warmTwoDays,
} from '../care/feet';
import { checkOf } from '../care/triage';
import { blocksOf, endable, ended, kept, skipping } from '../session/blocks';
import { standingBlocks } from '../session/gate';
import type { Records } from '../store/records';

export type FootCheck = Records['foot_check'];
type Block = Records['block'];
type TriageEvent = Records['triage_event'];

export type Answer = 'yes' | 'no' | 'not_sure';

/** A sign and where it is: a part of a foot, or `left.whole`. */
export interface Finding {
  area: string;
  sign: string;
}

/** What a patient has told so far. */
export interface Told {
  result: Result;
  findings: Finding[];
  /** To the one more questions. */
  replies: Record<string, Answer>;
  unit: Unit;
  readings: Reading[];
  note: string;
}

export const measuredIn = ({ on, temperature_unit, temperatures }: FootCheck): Measured => ({
  on,
  unit: temperature_unit,
  readings: temperatures,
});

/** What this check measured, on the day it stands under. */
function measured({ unit, readings }: Told, on: string): Measured {
  return { on, unit: readings.length > 0 ? unit : null, readings };
}

export interface Warmth {
  today: ReturnType<typeof warmSpots>;
  running: ReturnType<typeof warmTwoDays>;
}

export function warmth(told: Told, on: string, checks: readonly FootCheck[]): Warmth {
  const now = measured(told, on);
  return { today: warmSpots(now), running: warmTwoDays(now, checks.map(measuredIn)) };
}

/** A warmer foot was seen too, whatever was tapped. */
export function resultOf(told: Told, { today }: Warmth): Result {
  if (told.result === 'all_clear' && today.length > 0) return 'seen';
  return told.result;
}

/** The answers that the rules decide on: what was not tapped is "no", because the patient has said so by going on. */
export function answersOf(told: Told, warm: Warmth): Record<string, string> {
  const seen = (sign: string) => (told.findings.some((finding) => finding.sign === sign) ? 'yes' : 'no');
  return {
    result: resultOf(told, warm),
    ...Object.fromEntries(footSigns.map((sign) => [sign, seen(sign)])),
    ...told.replies,
    warm_today: warm.today.length > 0 ? 'yes' : 'no',
    warm_two_days: warm.running.length > 0 ? 'yes' : 'no',
    areas_marked: skinAreas(told.findings) === null ? 'no' : 'yes',
  };
}

/** Where the skin problem is; null when it is not told part by part, for then nothing can be left out. */
function skinAreas(findings: readonly Finding[]): string[] | null {
  const areas = findings.filter(({ sign }) => sign === 'skin_problem').map(({ area }) => area);
  const known = areas.every((area) => allAreas.some((one) => one === area));
  return areas.length > 0 && known ? areas : null;
}

interface Facts {
  id: string;
  on: string;
  at: Date;
  /** The patient's own day at `at`. */
  today: string;
  told: Told;
  /** The checks around that day, other than this one. */
  others: readonly FootCheck[];
  /** This check as it was kept before, when it is being changed. */
  before: FootCheck | null;
  blocks: readonly Block[];
  /** What an earlier version of this check left to be asked about. */
  event: TriageEvent | null;
  newId: () => string;
}

export interface Concluded {
  warm: Warmth;
  decision: Decision<FootCheckOutcome>;
  check: FootCheck;
  /** New ones, those that get the areas of today, and those that a clear check ends. */
  blocks: Block[];
  event: TriageEvent | null;
}

export function conclude(facts: Facts): Concluded {
  const { id, on, at, told, others, before, event: known } = facts;
  const warm = warmth(told, on, others);
  const answers = answersOf(told, warm);
  const decision = decideFootCheck(answers);
  const { level, signs } = decision.outcome;
  const check: FootCheck = {
    ...before,
    id,
    on,
    recorded_at: before?.recorded_at ?? at.toISOString(),
    result: resultOf(told, warm),
    findings: told.result === 'all_clear' ? [] : told.findings,
    temperature_unit: told.readings.length > 0 ? told.unit : null,
    temperatures: told.readings,
    level,
    decision: kept(decision),
    note: told.note.trim() || null,
  };
  const event = level === null && known === null ? null : eventOf(check, signs, known);
  return { warm, decision, check, blocks: blocksFor(facts, answers, decision), event };
}

/** The check's own event has the check's id, so that a changed check changes what is asked about. */
function eventOf(check: FootCheck, signs: string[], known: TriageEvent | null): TriageEvent {
  const unanswered = { action: null, follow_up: null, follow_up_at: null };
  const { id, on, recorded_at, level } = check;
  return { ...unanswered, ...known, id, on, recorded_at, signs, level, worried: false, decision: null };
}

function blocksFor(
  { on, at, today, told, before, blocks, newId }: Facts,
  answers: Record<string, string>,
  decision: Decision<FootCheckOutcome>,
): Block[] {
  const stand = standingBlocks(blocks, at);
  // A check of an earlier day says nothing of today's skin.
  if (decision.outcome.clear) {
    return on === today
      ? endable(stand, 'check_clear', at).map((block) => ended(block, 'check_clear', at.toISOString()))
      : [];
  }
  const made = blocksOf(decideSession(checkOf(triageOf(answers))), today, at.toISOString(), newId);
  const fresh = made.filter((block) => !wasMade(block, before));
  const areas = skinAreas(told.findings);
  const skips = (block: Block) => block.warning === 'skin_problem' && block.level === 'within_days' && areas !== null;
  const blocking = fresh.filter((block) => !skips(block));
  const same = (block: Block) => stand.some(({ warning, level }) => warning === block.warning && level === block.level);
  return [...blocking.filter((block) => !same(block)), ...skipping(made.filter(skips), stand, areas ?? [])];
}

/** A change of an old check puts up no block anew that its clinic may have ended meanwhile. */
function wasMade({ warning, level }: Block, before: FootCheck | null): boolean {
  const outcome = before?.decision?.outcome as Partial<FootCheckOutcome> | undefined;
  return outcome?.blocks?.some((block) => block.warning === warning && block.level === level) ?? false;
}
