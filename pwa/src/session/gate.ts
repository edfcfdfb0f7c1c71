/** May a session start now? Everything that can say no, in the order in which the patient should hear it. */
import { areasToSkip, stillBlocks, stillStands } from '../care/blocks';
import { asksAgain, isCleared } from '../care/clearances';
import {
  type Decision,
  decideProfile,
  evaluateProfile,
  mayStart,
  OWN,
  ownTechniques,
  type ProfileOutcome,
} from '../care/decisions';
import { scripts } from '../care/scripts';
import { lowNow, type Reading } from '../glucose/readings';
import type { Done } from '../store/done';
import type { Records } from '../store/records';
import { type Choice, fittedScript } from './fit';
import { askNow } from './redness';

type Block = Records['block'];
type Clearance = Records['clearance'];
type SessionLog = Records['session_log'];
type Profile = Records['me']['profile'];

/** What a person may do now. */
export interface Offer {
  decision: Decision<ProfileOutcome>;
  profile: ProfileOutcome;
  /** Sore today: left out of every script. */
  areas: string[];
  /** Ids of scripts, the one that is recommended first. */
  alone: string[];
  /** What only a helper's hands make possible. */
  withHelper: string[];
  /** The techniques of a session of one's own; empty when there is none. */
  techniques: string[];
  /** Strong pain has left only what is short or gentle. */
  severe: boolean;
}

export type Gate =
  | { say: 'answer_questions' }
  /** The profile must be looked at again before the next session. */
  | { say: 'ask_again'; why: 'months' | 'red_flag' }
  /** `about`: what the clinic must still be asked. */
  | { say: 'ask_clinic'; about: string[] }
  /** No script is for this person. */
  | { say: 'nothing_fits'; about: string[] }
  | { say: 'blocked'; blocks: Block[] }
  | { say: 'done_today' }
  /** The skin was not looked at since the last massage. */
  | { say: 'look_first' }
  | { say: 'choose'; offer: Offer }
  /** The rules could not be read: then nothing starts. */
  | { say: 'unclear' };

export interface Facts {
  profile: Profile;
  clearances: readonly Clearance[];
  blocks: readonly Block[];
  /** The sugar readings of today and yesterday. */
  readings: readonly Reading[];
  region: string;
  /** The logs of the last week. */
  logs: readonly SessionLog[];
  /** Massages of the last week whose logs were deleted: they were done all the same. */
  deleted: readonly Done[];
  /** The session that is under way, or that was stopped today and may still be finished. */
  ownId: string | null;
  /** Strong pain: the clinic first, and only what is short or gentle (brief §1.10, §5). */
  severe?: boolean;
  /** A massage is under way: it is not broken off because the profile has just become old. */
  begun: boolean;
  now: Date;
  /** The patient's own day. */
  today: string;
}

export function mayBegin(facts: Facts): Gate {
  try {
    return decide(facts);
  } catch {
    return { say: 'unclear' };
  }
}

function decide(facts: Facts): Gate {
  const { profile, clearances, blocks, logs, ownId, begun, now, today } = facts;
  // A block is first: it tells the patient whom to call.
  const blocking = [...blocks.filter((block) => stillBlocks(block, now)), ...lowSugar(facts)];
  if (blocking.length > 0) return { say: 'blocked', blocks: blocking };
  if (!profile) return { say: 'answer_questions' };
  const why = asksAgain(profile.answered_at, blocks, now);
  if (why === 'red_flag' || (why && !begun)) return { say: 'ask_again', why };
  const { ask_about } = evaluateProfile(profile.answers);
  const cleared = isCleared(ask_about, clearances, blocks, facts);
  const decision = decideProfile({ ...profile.answers, cleared: cleared ? 'yes' : 'no' });
  const outcome = decision.outcome;
  if (outcome.mode === 'ask' || outcome.mode === 'block') {
    const open = ask_about.filter((reason) => !isCleared([reason], clearances, blocks, facts));
    return { say: 'ask_clinic', about: open };
  }
  const areas = areasToSkip(blocks, now);
  const severe = facts.severe === true;
  const offer = { ...offeredNow(outcome, areas, severe), decision, profile: outcome, areas, severe };
  if (isEmpty(offer)) return nothingLeft(outcome, areas, facts);
  const done = [...logs, ...facts.deleted].filter(({ on }) => on === today);
  if (done.some(({ id }) => id !== ownId)) return { say: 'done_today' };
  // A massage under way is not broken off for a look that another phone did not take.
  if (!begun && askNow(logs, blocks, now, today)) return { say: 'look_first' };
  return { say: 'choose', offer };
}

/**
 * A low reading stops a massage as a warning of the check does (brief §2.2 G10). It is kept as a record, under the
 * reading's own id, only when the patient has something to say about it.
 */
function lowSugar({ readings, region, blocks, now }: Facts): Block[] {
  const low = lowNow(readings, region, now);
  if (low === null) return [];
  const known = blocks.some(
    (block) => block.id === low.id || (block.warning === 'low_sugar' && stillBlocks(block, now)),
  );
  return known ? [] : [lowBlock(low)];
}

function lowBlock({ id, on, recorded_at }: Reading): Block {
  return {
    id,
    on,
    started_at: recorded_at,
    warning: 'low_sugar',
    level: null,
    decision: null,
    ended_at: null,
    end_reason: null,
    clinician_name: null,
    clinician_on: null,
    areas: [],
  };
}

/** Short and whole before long: the first that a person may run is the one that is recommended. */
const recommended = ['S20', 'S10', 'S8', 'G12', 'A6', 'C8', 'E30'];

function offered(
  outcome: ProfileOutcome,
  areas: readonly string[],
): Pick<Offer, 'alone' | 'withHelper' | 'techniques'> {
  const rank = (id: string) => (recommended.indexOf(id) + recommended.length + 1) % (recommended.length + 1);
  const left = scripts
    .map(({ id }) => id)
    .filter((script_id) => fittedScript({ script_id, own: null }, areas, outcome.flags))
    .sort((a, b) => rank(a) - rank(b));
  const alone = left.filter((id) => mayStart(outcome, id, false));
  const withHelper = left.filter((id) => mayStart(outcome, id, true) && !alone.includes(id));
  return { alone, withHelper, techniques: ownTechniques(outcome, areas.length > 0) };
}

/** With strong pain S8, G12 or A6 (brief §5), and the chair's eight minutes for who cannot reach (design). */
const forStrongPain = ['S8', 'G12', 'A6', 'C8'];

function offeredNow(outcome: ProfileOutcome, areas: readonly string[], severe: boolean): ReturnType<typeof offered> {
  const whole = offered(outcome, areas);
  if (!severe) return whole;
  const { alone, withHelper } = whole;
  const short = (ids: string[]) => ids.filter((id) => forStrongPain.includes(id));
  return { alone: short(alone), withHelper: short(withHelper), techniques: [] };
}

/** What may be done once these areas are left out: a check has just found them. */
export function offerWithout(offer: Offer, areas: string[]): Offer {
  return { ...offer, ...offeredNow(offer.profile, areas, offer.severe), areas };
}

function isEmpty({ alone, withHelper, techniques }: Pick<Offer, 'alone' | 'withHelper' | 'techniques'>): boolean {
  return alone.length === 0 && withHelper.length === 0 && techniques.length === 0;
}

/** Either the sore areas leave nothing, which a block says best, or the profile does. */
function nothingLeft(outcome: ProfileOutcome, areas: readonly string[], { blocks, now }: Facts): Gate {
  if (areas.length > 0 && !isEmpty(offered(outcome, []))) {
    return { say: 'blocked', blocks: standingBlocks(blocks, now).filter((block) => (block.areas ?? []).length > 0) };
  }
  return { say: 'nothing_fits', about: narrowing(outcome) };
}

/** The answers that leave no script, as the keys of their sentences. */
function narrowing({ flags }: ProfileOutcome): string[] {
  const because: Readonly<Record<string, string>> = { no_stroking: 'touch_hurts', helper_or_chair: 'cannot_reach' };
  return flags.flatMap((flag) => because[flag] ?? []);
}

/** Whether a choice, perhaps one of an hour ago, is still among what may be done. */
export function isOffered(offer: Offer, { script_id, helper, own }: Choice): boolean {
  if (!fittedScript({ script_id, own }, offer.areas, offer.profile.flags)) return false;
  if (script_id === OWN) {
    return own !== null && !helper && own.techniques.every((id) => offer.techniques.includes(id));
  }
  return offer.alone.includes(script_id) || (helper && offer.withHelper.includes(script_id));
}

export type Part = 'choose' | 'check' | 'skip' | 'feelings' | 'player' | 'after' | 'saved';

/**
 * Which part of a session is shown. What comes after a massage is always reached, and so is a check of the feet;
 * before and during it nothing but the choice is shown unless the session may go on, whatever a draft says.
 */
export function shownPart(part: Part, gate: Gate, draft: Choice | null): Part | 'blocked' {
  if (part === 'after' || part === 'saved' || part === 'check') return part;
  if (gate.say === 'blocked') return 'blocked';
  if (part === 'skip') return part;
  if (gate.say !== 'choose' || part === 'choose') return 'choose';
  return draft && isOffered(gate.offer, draft) ? part : 'choose';
}

/** Blocks that have not come to their end, those that only leave out an area among them. */
export function standingBlocks(blocks: readonly Block[], now: Date): Block[] {
  return blocks.filter((block) => stillStands(block, now));
}
