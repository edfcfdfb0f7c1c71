/** From the signs that a patient tapped to the records they make: one event, and the blocks of the red flags. */
import { stillBlocks } from '../care/blocks';
import { decideSession } from '../care/decisions';
import { checkOf, decideTriage } from '../care/triage';
import { blocksOf, kept } from '../session/blocks';
import type { Records } from '../store/records';
import type { TriageEvent } from './events';

type Block = Records['block'];
type Answer = 'yes' | 'no' | 'not_sure';

interface Told {
  event: TriageEvent;
  /** Those that do not stand already. */
  blocks: Block[];
}

export function tell(
  answers: Readonly<Record<string, Answer>>,
  standing: readonly Block[],
  { on, at, newId }: { on: string; at: Date; newId: () => string },
): Told {
  const decision = decideTriage(answers);
  const now = at.toISOString();
  const event: TriageEvent = {
    id: newId(),
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
