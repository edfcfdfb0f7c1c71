/** What the tables decide together: the profile, the check before a session, the stop rule. Twin of decisions.py. */
import { type Answers, evaluate, joinRows, matchingRows, type Outcome, readAnswer } from './rules';
import { scripts } from './scripts';
import {
  allowedScripts,
  firstRelease,
  lowReading,
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
  start: 'ask_clinic' | 'with_helper' | 'allowed';
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
  stop: boolean;
  level: Level | null;
  reasons: ('pain' | 'skin' | 'unwell')[];
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

/** Mode, cap, flags, the scripts that the mode may run, and whether a session may start now (brief §2.1). */
export function evaluateProfile(answers: Answers): ProfileOutcome {
  const rows = matchingRows(profileGate, answers);
  const outcome = joinRows(profileGate, rows);
  const gentle = rows.filter((row) => row.outcome.mode_once_cleared === 'gentle').map((row) => row.id);
  const reach = profileGate.inputs.find((input) => input.name === 'reaches_feet');
  const reaches = reach !== undefined && readAnswer(reach, answers.reaches_feet) === 'yes';
  const allowed = evaluate(allowedScripts, {
    mode: outcome.mode,
    only_numb_hands: gentle.length === 1 && gentle[0] === 'numb_hands' ? 'yes' : 'no',
    any_flag: rows.length > 0 ? 'yes' : 'no',
    reaches_feet: reaches ? 'yes' : 'no',
  });
  return typed({ ...outcome, ...allowed, ...evaluate(firstRelease, answers) });
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

/** Whether a running session must stop, and why (brief §2.3). */
export function evaluateStop(answers: Answers): StopOutcome {
  return typed(evaluate(sessionStop, answers));
}

/** Whether a sugar reading is low, in the unit it was typed in (brief §2.2 G10, §9). */
export function isLowReading(value: number, unit: string, region: string): boolean {
  return evaluate(lowReading, { value, unit, region }).low === true;
}

/** Whether this profile outcome lets this script start, alone or with a helper. Anything unclear is no. */
export function mayStart(profile: Partial<ProfileOutcome>, scriptId: string, helper: boolean): boolean {
  if (scripts.find((script) => script.id === scriptId)?.offered !== true) return false;
  if (profile.start !== 'allowed' && !(profile.start === 'with_helper' && helper)) return false;
  const alone = profile.scripts?.includes(scriptId) === true;
  return alone || (helper && profile.scripts_with_helper?.includes(scriptId) === true);
}

/** The warnings' follow-up questions that these answers call for, in order; a warning is `yes` also when not sure. */
export function followUps(answers: Answers): string[] {
  return sessionGate.inputs
    .filter(({ after }) => after !== undefined && (answers[after] === 'yes' || answers[after] === 'not_sure'))
    .map((input) => input.name);
}

function decide<T>(answers: Answers, evaluator: (answers: Answers) => T): Decision<T> {
  return { rules_version: rulesVersion, inputs: { ...answers }, outcome: evaluator(answers) };
}

export const decideProfile = (answers: Answers): Decision<ProfileOutcome> => decide(answers, evaluateProfile);
export const decideSession = (answers: Answers): Decision<SessionOutcome> => decide(answers, evaluateSession);
export const decideStop = (answers: Answers): Decision<StopOutcome> => decide(answers, evaluateStop);
