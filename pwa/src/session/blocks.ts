/** From a foot check to the blocks it puts up, and from a word of the patient to their end. */
import { blockEnd, type EndReason, earliestEnd } from '../care/blocks';
import type { Decision, Level, SessionOutcome } from '../care/decisions';
import type { Records } from '../store/records';

type Block = Records['block'];

/** One block for each warning, all with the whole check as their reason. */
export function blocksOf(decision: Decision<SessionOutcome>, on: string, at: string, newId: () => string): Block[] {
  return decision.outcome.blocks.map(({ warning, level }) => ({
    id: newId(),
    on,
    started_at: at,
    warning,
    level,
    decision: kept(decision),
    ended_at: null,
    end_reason: null,
    clinician_name: null,
    clinician_on: null,
    areas: [],
  }));
}

/** The blocks that leave an area out after a check: those that stand already get the areas of today. */
export function skipping(made: readonly Block[], standing: readonly Block[], areas: string[]): Block[] {
  return made.flatMap((block) => {
    const known = standing.filter(({ warning, level }) => warning === block.warning && level === block.level);
    return (known.length > 0 ? known : [block]).map((one) => ({ ...one, areas }));
  });
}

/** A decision as records keep it. */
export function kept<T extends object>(decision: Decision<T>): NonNullable<Block['decision']> {
  return { ...decision, outcome: Object.fromEntries<unknown>(Object.entries(decision.outcome)) };
}

const urgency: readonly (Level | null)[] = ['emergency', 'same_day', 'within_days', null];

/** The most urgent level of these blocks: the one that the patient is told to act on. */
export function strictestLevel(blocks: readonly Block[]): Level | null {
  return urgency.find((level) => blocks.some((block) => block.level === level)) ?? null;
}

/** The most urgent first. Low sugar has no level but is treated within minutes: only an emergency comes before it. */
export function byUrgency(blocks: readonly Block[]): Block[] {
  const rank = ({ level, warning }: Block) => (warning === 'low_sugar' ? 0.5 : urgency.indexOf(level));
  return [...blocks].sort((a, b) => rank(a) - rank(b));
}

export function endsBy(block: Block, reason: EndReason): boolean {
  return reason in blockEnd(block.warning, block.level).by;
}

/** Which of these blocks this reason ends at this moment. */
export function endable(blocks: readonly Block[], reason: EndReason, now: Date): Block[] {
  return blocks.filter((block) => {
    const earliest = earliestEnd(block, reason);
    return earliest !== null && now.getTime() >= earliest.getTime();
  });
}

export function ended(block: Block, reason: EndReason, at: string, clinician?: { name: string; on: string }): Block {
  return {
    ...block,
    ended_at: at,
    end_reason: reason,
    clinician_name: clinician?.name.trim() ?? null,
    clinician_on: clinician?.on ?? null,
  };
}
