/** The programmes of brief §5, and which of them a person may choose. Twin of programmes.py. */
import programmesJson from '$care/programmes.json';
import { mayStart, type ProfileOutcome } from './decisions';
import { evaluate } from './rules';
import { programmeGate } from './tables';

export type ProgrammeId = 'standard' | 'light' | 'daily_short' | 'severe' | 'trial_like';

export interface Programme {
  readonly id: ProgrammeId;
  /** In order of preference. */
  readonly scripts: readonly string[];
  readonly fewest_a_week: number;
  readonly times_a_week: number;
  readonly rest_day_between: boolean;
  readonly weeks: number;
  /** Chosen until the patient chooses others. */
  readonly weekdays: readonly number[];
}

export interface ProgrammeChoice {
  allowed: ProgrammeId[];
  recommended: ProgrammeId | null;
  /** The patient is to talk to the clinic, and say so, before one may be chosen. */
  clinic_first: boolean;
}

export const programmes = programmesJson.programmes as readonly Programme[];

/** Undefined for one that only a newer app knows. */
export function programmeOf(id: string): Programme | undefined {
  return programmes.find((programme) => programme.id === id);
}

export function fits(programme: Programme, weekdays: readonly number[]): boolean {
  return programme.fewest_a_week <= weekdays.length && weekdays.length <= programme.times_a_week;
}

/** Whether a day of rest lies between them where it is wanted; Sunday and Monday are neighbours. */
export function rests(programme: Programme, weekdays: readonly number[]): boolean {
  return !(programme.rest_day_between && weekdays.some((day) => weekdays.includes((day % 7) + 1)));
}

/** Which programmes this profile outcome allows, the one to begin with, and whether the clinic comes first. */
export function chooseProgrammes(profile: Partial<ProfileOutcome>, severePain: unknown): ProgrammeChoice {
  const alone = profile.scripts ?? [];
  const outcome: unknown = evaluate(programmeGate, {
    mode: profile.mode,
    may_run: alone.length > 0 || (profile.scripts_with_helper ?? []).length > 0 ? 'yes' : 'no',
    severe_pain: severePain,
    any_flag: alone.includes('E30') ? 'no' : 'yes',
  });
  return outcome as ProgrammeChoice;
}

/** The first of the programme's scripts that this profile outcome lets start: alone if it can be, else helped. */
export function scriptOf(programme: Programme, profile: Partial<ProfileOutcome>): string | null {
  for (const helper of [false, true]) {
    const found = programme.scripts.find((id) => mayStart(profile, id, helper));
    if (found !== undefined) return found;
  }
  return null;
}
