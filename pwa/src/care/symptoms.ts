/** What a week of the symptom diary says (brief §11). Twin of decisions.py. */
import type { Level } from './decisions';
import { type Answers, evaluate, type Outcome } from './rules';
import { symptomChange } from './tables';

export type Change = 'up' | 'meaningful' | 'a_little_better' | 'a_little_worse' | 'same' | 'not_compared';

export interface SymptomsOutcome {
  band: 'severe' | 'moderate' | 'mild';
  /** Since the baseline week. */
  change: Change;
  level: Level | null;
  reasons: ('pain_down_numbness_up' | 'strong_pain' | 'pain_up')[];
}

/** Its band, its change since the baseline week, and whether to tell the clinic. */
export function evaluateSymptoms(answers: Answers): SymptomsOutcome {
  // An outcome is JSON of our own table, whose members and values the Python tests check.
  return evaluate(symptomChange, answers) as Outcome as unknown as SymptomsOutcome;
}
