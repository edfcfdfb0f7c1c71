/** From the signs that a patient tapped to the records they make: one event, and the blocks of the red flags. */
import { stillBlocks } from '../care/blocks';
import { decideSession } from '../care/decisions';
import { checkOf, decideTriage, signs } from '../care/triage';
import { blocksOf, kept } from '../session/blocks';
import type { Records } from '../store/records';
import type { Store } from '../store/store';
import type { TriageEvent } from './events';

type Block = Records['block'];
export type Answer = 'yes' | 'no' | 'not_sure';

export interface Told {
  event: TriageEvent;
  /** Those that do not stand already. */
  blocks: Block[];
}

interface Moment {
  on: string;
  at: Date;
  newId: () => string;
  /** The event that this says more about. */
  about?: string | null;
}

/** What was not tapped is "no", because the patient has said so by going on. */
export function sheetOf(tapped: Readonly<Record<string, Answer>>, worried = false): Record<string, Answer> {
  const no = Object.fromEntries(signs.map((name) => [name, 'no' as const]));
  return { ...no, ...tapped, worried: worried ? 'yes' : 'no' };
}

export function tell(
  answers: Readonly<Record<string, Answer>>,
  standing: readonly Block[],
  { on, at, newId, about }: Moment,
): Told {
  const decision = decideTriage(answers);
  const now = at.toISOString();
  const event: TriageEvent = {
    id: about ?? newId(),
    on,
    recorded_at: now,
    signs: decision.outcome.signs,
    worried: answers.worried === 'yes',
    level: decision.outcome.level,
    decision: kept(decision),
    action: null,
    follow_up: null,
    follow_up_at: null,
  };
  const known = standing.filter((block) => stillBlocks(block, at));
  const blocks = blocksOf(decideSession(checkOf(answers)), on, now, newId).filter(
    (block) => !known.some(({ warning, level }) => warning === block.warning && level === block.level),
  );
  return { event, blocks };
}

/** The blocks first: nothing may come between that frees a foot. */
export async function keepTold(store: Store, { event, blocks }: Told): Promise<void> {
  for (const block of blocks) await store.save('block', block.id, block);
  await store.save('triage_event', event.id, event);
}
