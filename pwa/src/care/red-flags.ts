/** Which warnings rest the feet; beside `plan.ts`, which Today loads at once, because this needs the clinical tables. */
import { blockEnd } from './blocks';

/** Whether a warning is a red flag: then massage rests, and its reminders, until the warning ends (brief §2.2). */
export function restsFeet(warning: string, level: string | null): boolean {
  return blockEnd(warning, level).ends === 'clinic_ok' || level === 'same_day' || level === 'emergency';
}
