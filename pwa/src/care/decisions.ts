/** What the tables decide together: the profile, the check before a session, the stop rule. Twin of decisions.py. */
import { type Answers, evaluate, joinRows, matchingRows, type Outcome, readAnswer } from './rules';
import { scripts } from './scripts';
import {
  allowedScripts,
  lowReading,
  ownTechniquesTable,
  profileGate,
  rulesVersion,
  sessionGate,
  sessionStop,
} from './tables';

export type Level = 'emergency' | 'same_day' | 'within_days';
export type Ends = 'clinic_ok' | 'check_clear' | 'reading_ok_or_15_min' | 'four_hours' | 'looks_normal';

export interface ProfileOutcome {
  mode: 'block' | 'ask' | 'still' | 'gentle' | 'standard';
  mode_once_cleared: 'still' | 'gentle' | 'standard';
  pressure_cap: number;
  flags: string[];
  scripts: string[];
  scripts_with_helper: string[];
  own: boolean;
  /** What needs the clinic's OK, whether it has one or not. */
  ask_about: string[];
}

export interface SessionOutcome {
  block: boolean;
  level: Level | null;
  ends: Ends | null;
  warnings: string[];
  blocks: { warning: string; level: Level | null; ends: Ends | null }[];
}

export interface StopOutcome {
  /** What is to be told as under "Something wrong with my foot". */
  signs: string[];
  /** It may not be finished later that day. */
  over_for_today: boolean;
  check_sugar: boolean;
}

/** As records keep it. */
export interface Decision<T> {
  rules_version: string;
  inputs: Record<string, unknown>;
  outcome: T;
}

// Outcomes are JSON of our own tables, whose members and values the Python tests check; here they get their types.
function typed<T>(outcome: unknown): T {
  return outcome as T;
}

/** The script id of a session that the patient put together. */
export const OWN = 'OWN';

/**
 * Mode, cap, flags, what the clinic must be asked about, and the scripts that the mode may run (brief §2.1).
 * `cleared` among the answers says whether the clinic's OK stands for everything asked about; only "yes" counts.
 */
export function evaluateProfile(answers: Answers): ProfileOutcome {
  const rows = matchingRows(profileGate, answers);
  const joined = joinRows(profileGate, rows);
  const cleared = joined.mode === 'ask' && Object.hasOwn(answers, 'cleared') && answers.cleared === 'yes';
  const outcome = cleared ? { ...joined, mode: joined.mode_once_cleared ?? 'ask' } : joined;
  const gentle = rows.filter((row) => row.outcome.mode_once_cleared === 'gentle').map((row) => row.id);
  const reach = profileGate.inputs.find((input) => input.name === 'reaches_feet');
  const reaches = reach !== undefined && readAnswer(reach, answers.reaches_feet) === 'yes';
  const allowed = evaluate(allowedScripts, {
    mode: outcome.mode,
    only_numb_hands: gentle.length === 1 && gentle[0] === 'numb_hands' ? 'yes' : 'no',
    any_flag: rows.length > 0 ? 'yes' : 'no',
    reaches_feet: reaches ? 'yes' : 'no',
  });
  return typed({ ...outcome, ...allowed });
}

/** Whether today's check blocks the session, how urgent it is, and one block for each warning (brief §2.2, §2.4). */
export function evaluateSession(answers: Answers): SessionOutcome {
  const rows = matchingRows(sessionGate, answers);
  const outcome = typed<Omit<SessionOutcome, 'blocks'>>(joinRows(sessionGate, rows));
  const blocks = outcome.warnings.map((warning) => {
    const own: Outcome = joinRows(
      sessionGate,
      rows.filter((row) => typed<string[]>(row.outcome.warnings).includes(warning)),
    );
    return { warning, level: typed<Level | null>(own.level), ends: typed<Ends | null>(own.ends) };
  });
  return { ...outcome, blocks };
}

/** What comes of a massage that was stopped, or after which the skin looks different (brief §2.3). */
export function evaluateStop(answers: Answers): StopOutcome {
  return typed(evaluate(sessionStop, answers));
}

/** Whether a sugar reading is low, in the unit it was typed in (brief §2.2 G10, §9). */
export function isLowReading(value: number, unit: string, region: string): boolean {
  return evaluate(lowReading, { value, unit, region }).low === true;
}

/** Whether this profile outcome lets this script start, alone or with a helper. Anything unclear is no. */
export function mayStart(profile: Partial<ProfileOutcome>, scriptId: string, helper: boolean): boolean {
  if (scriptId === OWN) return profile.own === true;
  if (!scripts.some(({ id }) => id === scriptId)) return false;
  const alone = profile.scripts?.includes(scriptId) === true;
  return alone || (helper && profile.scripts_with_helper?.includes(scriptId) === true);
}

/** The techniques that this person may choose from today (brief §2.1, §4); of an unclear outcome none. */
export function ownTechniques(profile: Partial<ProfileOutcome>, areasSkipped: boolean): string[] {
  const { flags, mode } = profile;
  const raised = (name: string) => !Array.isArray(flags) || flags.includes(name);
  const sheet = Object.fromEntries(ownTechniquesTable.inputs.map(({ name }) => [name, raised(name) ? 'yes' : 'no']));
  const answers = { ...sheet, mode, areas_skipped: areasSkipped ? 'yes' : 'no' };
  const { offered, left_out } = typed<{ offered: string[]; left_out: string[] }>(evaluate(ownTechniquesTable, answers));
  return profile.own === true ? offered.filter((name) => !left_out.includes(name)) : [];
}

/** The warnings' follow-up questions that these answers call for, in order; a warning is `yes` also when not sure. */
export function followUps(answers: Answers): string[] {
  return sessionGate.inputs
    .filter(({ question }) => question !== undefined)
    .filter(({ after }) => after !== undefined && (answers[after] === 'yes' || answers[after] === 'not_sure'))
    .map((input) => input.name);
}

function decide<T>(answers: Answers, evaluator: (answers: Answers) => T): Decision<T> {
  return { rules_version: rulesVersion, inputs: { ...answers }, outcome: evaluator(answers) };
}

export const decideProfile = (answers: Answers): Decision<ProfileOutcome> => decide(answers, evaluateProfile);
export const decideSession = (answers: Answers): Decision<SessionOutcome> => decide(answers, evaluateSession);
