/** May a session start now? Everything that can say no, in the order in which the patient should hear it. */
import { stillBlocks } from '../care/blocks';
import { evaluateProfile, mayStart, type ProfileOutcome } from '../care/decisions';
import type { Records } from '../store/records';

type Block = Records['block'];
type SessionLog = Records['session_log'];
type Profile = Records['me']['profile'];

export type Gate =
  | { say: 'answer_questions' }
  | { say: 'ask_clinic'; about: string[] }
  | { say: 'blocked'; blocks: Block[] }
  | { say: 'done_today' }
  | { say: 'helper_needed'; profile: ProfileOutcome }
  | { say: 'start'; profile: ProfileOutcome }
  /** The rules could not be read: then nothing starts. */
  | { say: 'unclear' };

export interface Facts {
  profile: Profile;
  blocks: readonly Block[];
  /** The logs of today. */
  logs: readonly SessionLog[];
  /** The session stopped today that may still be finished, if there is one. */
  stoppedId: string | null;
  now: Date;
}

export function mayBegin(scriptId: string, facts: Facts): Gate {
  try {
    return decide(scriptId, facts);
  } catch {
    return { say: 'unclear' };
  }
}

function decide(scriptId: string, { profile, blocks, logs, stoppedId, now }: Facts): Gate {
  // A block is first: it tells the patient whom to call.
  const standing = standingBlocks(blocks, now);
  if (standing.length > 0) return { say: 'blocked', blocks: standing };
  if (!profile) return { say: 'answer_questions' };
  const outcome = evaluateProfile(profile.answers);
  if (outcome.start === 'ask_clinic') return { say: 'ask_clinic', about: outcome.ask_about };
  if (logs.some((log) => log.id !== stoppedId)) return { say: 'done_today' };
  if (mayStart(outcome, scriptId, false)) return { say: 'start', profile: outcome };
  if (mayStart(outcome, scriptId, true)) return { say: 'helper_needed', profile: outcome };
  return { say: 'ask_clinic', about: outcome.ask_about };
}

export function standingBlocks(blocks: readonly Block[], now: Date): Block[] {
  return blocks.filter((block) => stillBlocks(block, now));
}
