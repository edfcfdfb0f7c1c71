/** A session on its way: what is kept on the phone until its log is saved, and what becomes of it later. */
import type { Level } from '../care/decisions';
import type { Records } from '../store/records';
import type { Answer } from '../triage/tell';
import type { Snapshot } from './player';

type SessionLog = Records['session_log'];

export type StopReason = NonNullable<SessionLog['stop_reason']>;
export type Stage = 'feelings' | 'player' | 'why' | 'after';

export interface Scores {
  pain: number | null;
  numbness: number | null;
  tingling: number | null;
}

export interface SessionDraft {
  id: string;
  /** The local day of the start; it never changes. */
  on: string;
  script_id: string;
  occurrence_id: string | null;
  helper: boolean;
  own: SessionLog['own'];
  /** What was answered to "Comfort, 0 to 10?". */
  comfort: SessionLog['comfort'];
  stage: Stage;
  checked_at: string;
  decision: SessionLog['decision'];
  profile_decision: SessionLog['profile_decision'];
  areas_skipped: string[];
  before: Scores;
  player: Snapshot | null;
  ended_at: string | null;
  stop_reason: StopReason | null;
  after: Scores;
  skin_same: boolean | null;
  /** What was told of a stop or of the skin as under "Something wrong with my foot"; null for nothing. */
  told: { answers: Record<string, Answer>; level: Level | null } | null;
  note: string;
  saved_at: string;
}

/** The name of the draft in the store. */
export const DRAFT = 'player';
/** A session stopped today that may still be finished today. */
export const STOPPED_DRAFT = 'player_stopped';
/** The warnings that were tapped in a check that has not come to its end. */
export const CHECK = 'session_check';

/** "Go on" needs no new foot check within 30 minutes. */
export const GO_ON_MS = 30 * 60 * 1000;

/** As many as the server takes. */
const MOST_COMFORT = 60;

export const noScores: Scores = { pain: null, numbness: null, tingling: null };

/** What the check before a session found: its decision, the profile's, and the areas that are left out. */
export type Checked = Pick<SessionDraft, 'decision' | 'profile_decision' | 'areas_skipped'>;

export function newDraft(
  made: Pick<SessionDraft, 'id' | 'on' | 'script_id' | 'occurrence_id' | 'helper' | 'own'> & Checked & { at: string },
): SessionDraft {
  const { at, ...known } = made;
  return {
    ...known,
    comfort: [],
    stage: 'feelings',
    checked_at: at,
    before: noScores,
    player: null,
    ended_at: null,
    stop_reason: null,
    after: noScores,
    skin_same: null,
    told: null,
    note: '',
    saved_at: at,
  };
}

/** A draft as it was kept; one of an older app knows less. */
export function wholeDraft(found: SessionDraft): SessionDraft {
  return {
    ...found,
    own: found.own ?? null,
    comfort: found.comfort ?? [],
    areas_skipped: found.areas_skipped ?? [],
    profile_decision: found.profile_decision ?? null,
    told: found.told ?? null,
  };
}

/**
 * What to do with a draft that is found: go on with it, look at the feet first, or keep it as it is and begin anew.
 * A clock that was set back counts as a long time: the feet are looked at again.
 */
export function whatNow(draft: SessionDraft, now: Date, today: string): 'go_on' | 'check_first' | 'keep' {
  if (draft.on !== today) return 'keep';
  if (draft.stage === 'after') return 'go_on';
  const since = now.getTime() - Date.parse(draft.saved_at);
  return since >= 0 && since <= GO_ON_MS ? 'go_on' : 'check_first';
}

/** Nothing was massaged yet: there is nothing to keep. */
export function hasBegun(draft: SessionDraft): boolean {
  return draft.player?.started_at != null;
}

/** The log of a draft. One left behind before its end counts as stopped by an interruption. */
export function toLog(found: SessionDraft): SessionLog {
  const draft = wholeDraft(found);
  const started = draft.player?.started_at ?? draft.checked_at;
  const finished = draft.player?.state === 'finished';
  const ended = draft.ended_at ?? draft.player?.saved_at ?? draft.saved_at;
  return {
    id: draft.id,
    on: draft.on,
    script_id: draft.script_id,
    state: finished ? 'finished' : 'stopped',
    started_at: started,
    // A phone whose clock was set back in between must not end before it began.
    ended_at: Date.parse(ended) >= Date.parse(started) ? ended : started,
    seconds_done: draft.player?.seconds_done ?? 0,
    stop_reason: finished ? null : (draft.stop_reason ?? 'interrupted'),
    helper: draft.helper,
    pain_before: draft.before.pain,
    numbness_before: draft.before.numbness,
    tingling_before: draft.before.tingling,
    pain_after: draft.after.pain,
    numbness_after: draft.after.numbness,
    tingling_after: draft.after.tingling,
    skin_same: draft.skin_same,
    note: draft.note.trim() === '' ? null : draft.note.trim().slice(0, 2000),
    decision: draft.decision,
    occurrence_id: draft.occurrence_id,
    own: draft.own,
    areas_skipped: draft.areas_skipped,
    profile_decision: draft.profile_decision,
    comfort: draft.comfort.slice(-MOST_COMFORT),
    speed: draft.player?.speed ?? null,
    redness: null,
    redness_at: null,
  };
}

/** The stopped session again, ready to go on at its second; the same log is then written anew. */
export function takeUp(stopped: SessionDraft, checked: Checked, at: string): SessionDraft {
  return {
    ...stopped,
    ...checked,
    stage: 'player',
    checked_at: at,
    player: stopped.player && { ...stopped.player, state: 'paused', paused_by: 'patient' },
    ended_at: null,
    stop_reason: null,
    after: noScores,
    skin_same: null,
    saved_at: at,
  };
}
