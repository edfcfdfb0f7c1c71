/** "Something wrong with my foot": how urgent, which blocks, and which button of the clinic. Twin of decisions.py. */
import { type Decision, evaluateSession, type Level, type SessionOutcome } from './decisions';
import { type Answers, evaluate, type Outcome } from './rules';
import { bookTriggers, rulesVersion, sessionGate, triageTable } from './tables';

export interface TriageOutcome {
  level: Level | null;
  /** Offer a call whatever the level: the patient is worried. */
  call: boolean;
  signs: string[];
  blocks: SessionOutcome['blocks'];
}

export interface BookOutcome {
  button: 'emergency' | 'call' | 'book' | 'none';
  reasons: string[];
}

const urgency: readonly (Level | null)[] = ['emergency', 'same_day', 'within_days', null];

/** What can be told, in the order of the screen. */
export const signs: readonly string[] = triageTable.inputs
  .filter(({ name, after }) => after === undefined && name !== 'worried')
  .map(({ name }) => name);

// Outcomes are JSON of our own tables, whose members and values the Python tests check; here they get their types.
function read(answers: Answers) {
  return evaluate(triageTable, answers) as Outcome as unknown as Omit<TriageOutcome, 'blocks'> & { as_check: string[] };
}

/** The check before a session that these signs stand for; what was not told here is "no" there. */
export function checkOf(answers: Answers): Record<string, unknown> {
  const told = read(answers).as_check;
  const check: Record<string, unknown> = {};
  for (const { name, after } of sessionGate.inputs) {
    if (after !== undefined) check[name] = answers[name];
    else if (told.includes(name)) check[name] = answers[name] === 'not_sure' ? 'not_sure' : 'yes';
    else check[name] = 'no';
  }
  return check;
}

/** How urgent these signs are, whether to offer a call anyway, and the blocks they make (brief §2.2, §2.4, §11). */
export function evaluateTriage(answers: Answers): TriageOutcome {
  const { level, call, signs: found } = read(answers);
  const check = evaluateSession(checkOf(answers));
  return { level: stricter(level, check.level), call, signs: found, blocks: check.blocks };
}

export function stricter(one: Level | null, other: Level | null): Level | null {
  return urgency.indexOf(one) < urgency.indexOf(other) ? one : other;
}

export function decideTriage(answers: Answers): Decision<TriageOutcome> {
  return { rules_version: rulesVersion, inputs: { ...answers }, outcome: evaluateTriage(answers) };
}

/** The one more questions that these signs call for, in order; not sure counts as yes. */
export function triageQuestions(answers: Answers): string[] {
  return triageTable.inputs
    .filter(({ after }) => after !== undefined && (answers[after] === 'yes' || answers[after] === 'not_sure'))
    .map(({ name }) => name);
}

/** Which button a clinic's help needs, and why (brief §14). */
export function evaluateBook(answers: Answers): BookOutcome {
  return evaluate(bookTriggers, answers) as Outcome as unknown as BookOutcome;
}
