/** One lukewarm bath from the answers to its log: what is kept on the phone meanwhile, and when it must end. */
import { type ComfortOutcome, comfortScript, LONGEST_MINUTES } from '../care/comfort';
import type { Decision } from '../care/decisions';
import { totalSeconds } from '../session/pace';
import type { Snapshot } from '../session/player';
import type { Records } from '../store/records';

export type ComfortLog = Records['comfort_log'];
export type StopReason = 'pain' | 'skin' | 'unwell' | 'water' | 'too_long' | 'other';
export type Skin = 'same' | 'changed';
export type Unit = 'C' | 'F';

export const COMFORT_DRAFT = 'comfort';

export interface Bath {
  id: string;
  on: string;
  decision: Decision<ComfortOutcome>;
  unit: Unit;
  /** As they were typed. */
  warm: string;
  cool: string;
  player: Snapshot | null;
  stop_reason: StopReason | null;
  skin: Skin | null;
  /** When it ended; null while it may go on. */
  ended_at: string | null;
}

/** Ten minutes by the clock, pauses included: longer soaking harms (brief §3 [H11]). */
export function isTooLong(startedAt: string | null, now: number): boolean {
  if (startedAt === null) return false;
  const gone = now - Date.parse(startedAt);
  // A clock that was set back says nothing about the water: then nobody goes on.
  return !(gone >= 0 && gone < LONGEST_MINUTES * 60_000);
}

/** What is left of a bath that was interrupted: it goes on within its ten minutes, else it has ended. */
export function takenUp(bath: Bath, now: number): Bath {
  const { player } = bath;
  if (!player?.started_at || bath.ended_at !== null || !isTooLong(player.started_at, now)) return bath;
  return { ...bath, stop_reason: 'too_long', ended_at: player.saved_at };
}

export function isFinished({ player }: Bath): boolean {
  return player?.state === 'finished';
}

/** The record of a bath that has ended. */
export function logOf(bath: Bath, note: string): ComfortLog {
  const { id, on, decision, unit, warm, cool, player, skin } = bath;
  const ended_at = bath.ended_at ?? player?.saved_at ?? new Date().toISOString();
  const finished = isFinished(bath);
  return {
    id,
    on,
    started_at: player?.started_at ?? ended_at,
    ended_at,
    seconds_done: Math.min(player?.seconds_done ?? 0, totalSeconds(comfortScript)),
    state: finished ? 'finished' : 'stopped',
    stop_reason: finished ? null : (bath.stop_reason ?? 'other'),
    temperature_unit: unit,
    warm_temperature: warm.trim(),
    cool_temperature: cool.trim(),
    skin,
    note: note.trim() || null,
    decision: { ...decision, outcome: { ...decision.outcome } },
  };
}
