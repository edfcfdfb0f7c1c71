/** "Still red?" (brief §2.3): whom to ask when, and the blocks that an answer puts up or ends. */
import { stillBlocks } from '../care/blocks';
import type { Records } from '../store/records';
import type { Store } from '../store/store';
import { ended } from './blocks';

type Block = Records['block'];
type SessionLog = Records['session_log'];

export type Asked = { about: 'log'; log: SessionLog } | { about: 'block'; block: Block };
/** Not sure counts as still red. */
export type Redness = NonNullable<SessionLog['redness']>;
export type Verdict = 'fine' | 'wait' | 'call';

export const WARNING = 'redness';
const AFTER_MS = 15 * 60_000;
/** What a massage of last week left would be something else by now (design). */
const ASKED_FOR_MS = 7 * 24 * 60 * 60_000;

/** When the skin is to be looked at again. */
export const lookAt = (log: Pick<SessionLog, 'ended_at'>): number => Date.parse(log.ended_at) + AFTER_MS;

/**
 * What is to be asked now: first about skin that was red on an earlier day, then about the last massage. Once the
 * clinic is called, it is the clinic that says when massage begins again.
 */
export function askNow(logs: readonly SessionLog[], blocks: readonly Block[], now: Date, today: string): Asked | null {
  const red = blocks.filter((block) => block.warning === WARNING && stillBlocks(block, now));
  if (red.some((block) => block.level !== null)) return null;
  const block = red.find(({ on }) => on < today);
  if (block) return { about: 'block', block };
  if (red.length > 0) return null;
  // A look at the skin speaks for the massages before it; one that ended a moment ago hides none of them.
  const due = logs.filter((log) => now.getTime() >= lookAt(log));
  const last = due.reduce<SessionLog | null>(
    (found, log) => (!found || log.ended_at > found.ended_at ? log : found),
    null,
  );
  if (last === null || last.redness !== null) return null;
  return now.getTime() - lookAt(last) <= ASKED_FOR_MS ? { about: 'log', log: last } : null;
}

/** Red on the day of the massage: wait. Red on a later day: the clinic, today. */
export function verdictOn(asked: Asked, answer: Redness, today: string): Verdict {
  if (answer === 'gone') return 'fine';
  return asked.about === 'block' || asked.log.on < today ? 'call' : 'wait';
}

interface Answered {
  at: string;
  today: string;
  newId: () => string;
}

/** Keeps the answer. A block that goes up is saved before the log, so that nothing can come between that frees it. */
export async function keepAnswer(
  store: Store,
  asked: Asked,
  answer: Redness,
  { at, today, newId }: Answered,
): Promise<Verdict> {
  const verdict = verdictOn(asked, answer, today);
  if (verdict === 'fine' && asked.about === 'block') {
    await store.save('block', asked.block.id, ended(asked.block, 'looks_normal', at));
  }
  if (verdict !== 'fine') {
    const block = stillRed(verdict === 'call' ? 'same_day' : null, { at, today, newId });
    await store.save('block', block.id, block);
  }
  if (asked.about === 'log') {
    await store.save('session_log', asked.log.id, { ...asked.log, redness: answer, redness_at: at });
  }
  return verdict;
}

function stillRed(level: Block['level'], { at, today, newId }: Answered): Block {
  return {
    id: newId(),
    on: today,
    started_at: at,
    warning: WARNING,
    level,
    areas: [],
    decision: null,
    ended_at: null,
    end_reason: null,
    clinician_name: null,
    clinician_on: null,
  };
}
