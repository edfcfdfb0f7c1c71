/** How a block ends (brief §2.2): whether a block still blocks at a moment, and what may end it. Twin of blocks.py. */
import type { Ends } from './decisions';
import { evaluate } from './rules';
import type { Region } from './scripts';
import { blockEndTable } from './tables';

export type EndReason = 'clinic_ok' | 'check_clear' | 'reading_ok' | 'felt_well' | 'time_passed' | 'looks_normal';

/** The members of a block record that decide its end, as the record has them: instants and dates as text. */
export interface BlockFacts {
  readonly warning: string;
  readonly level: string | null;
  readonly on: string;
  readonly started_at: string;
  readonly ended_at?: string | null;
  readonly end_reason?: string | null;
  readonly clinician_name?: string | null;
  readonly clinician_on?: string | null;
  readonly areas?: readonly string[] | null;
}

/** A part of one foot, which a session may leave out. */
export type Area = `${'left' | 'right'}.${Region}`;

export const regions: readonly Region[] = [
  'toe_1',
  'toe_2',
  'toe_3',
  'toe_4',
  'toe_5',
  'between_toes',
  'ball',
  'arch_inner',
  'arch_outer',
  'heel',
  'top',
  'ankle',
];

export const allAreas: readonly Area[] = (['left', 'right'] as const).flatMap((foot) =>
  regions.map((region): Area => `${foot}.${region}`),
);

const isArea = (area: unknown): area is Area => allAreas.some((known) => known === area);

export interface BlockEnd {
  readonly ends: Ends;
  /** Each reason that may end the block, with the minutes that must have passed since it began. */
  readonly by: Readonly<Partial<Record<EndReason, number>>>;
  /** Over by itself after those minutes. */
  readonly lapses: boolean;
  /** With its areas marked it stops no session: those areas are left out. */
  readonly skips: boolean;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What may end a block of this warning and level; an unknown warning needs the clinic's OK. */
export function blockEnd(warning: string, level: string | null): BlockEnd {
  return evaluate(blockEndTable, { warning, level: level ?? 'none' }) as unknown as BlockEnd;
}

/** From when this reason may end the block; null if it never may. */
export function earliestEnd(block: BlockFacts, reason: string): Date | null {
  const { by } = blockEnd(block.warning, block.level);
  const minutes = Object.entries(by).find(([name]) => name === reason)?.[1];
  return minutes === undefined ? null : new Date(Date.parse(block.started_at) + minutes * MINUTE);
}

/** Whether only the clinic's OK ends such a block (brief §2.2): it ends clearances and asks the profile again. */
export function isRedFlag({ warning, level }: Pick<BlockFacts, 'warning' | 'level'>): boolean {
  return blockEnd(warning, level).by.clinic_ok !== undefined;
}

/** Whether no session may start at `now` because of this block. */
export function stillBlocks(block: BlockFacts, now: Date): boolean {
  return stillStands(block, now) && !isSkipped(block);
}

/** The areas that a session at `now` leaves out (brief §2.2 G9), in the order of `allAreas`. */
export function areasToSkip(blocks: readonly BlockFacts[], now: Date): Area[] {
  const skipping = blocks.filter((block) => stillStands(block, now) && isSkipped(block));
  return allAreas.filter((area) => skipping.some(({ areas }) => areas?.includes(area)));
}

/** Every area must be one that we know: what cannot be left out blocks. */
function isSkipped({ warning, level, areas }: BlockFacts): boolean {
  return Array.isArray(areas) && areas.length > 0 && areas.every(isArea) && blockEnd(warning, level).skips;
}

/** Whether the block has not come to its end at `now`. An end that the rules do not allow is no end. */
export function stillStands(block: BlockFacts, now: Date): boolean {
  const end = blockEnd(block.warning, block.level);
  const started = Date.parse(block.started_at);
  // An instant that cannot be read is NaN: no comparison with it is true, so the block goes on.
  if (end.lapses && Object.values(end.by).every((minutes) => now.getTime() >= started + minutes * MINUTE)) return false;
  if (!block.ended_at || !block.end_reason) return true;
  const ended = Date.parse(block.ended_at);
  const earliest = earliestEnd(block, block.end_reason);
  if (earliest === null || !(ended >= earliest.getTime()) || !(ended <= now.getTime())) return true;
  return block.end_reason === 'clinic_ok' && !clinicSaidOk(block, now);
}

/** A name, and a day from the block's `on`; 'today' may be a day apart from the UTC date. */
function clinicSaidOk(block: BlockFacts, now: Date): boolean {
  if (!block.clinician_on || !block.clinician_name?.trim()) return false;
  const latest = new Date(now.getTime() + DAY).toISOString().slice(0, 10);
  return block.on <= block.clinician_on && block.clinician_on <= latest;
}
