/** One small evaluator for the decision tables in server/care: the twin of rules.py, held to it by shared vectors. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type Outcome = Record<string, Json>;
export type Answers = Readonly<Record<string, unknown>>;

export interface Input {
  readonly name: string;
  /** Stands in for a missing or unknown answer. */
  readonly strictest: string | number;
  readonly answers?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  /** Key of the question's sentence. */
  readonly question?: string;
  /** Asked only after a yes to that input. */
  readonly after?: string;
  /** Questions of one group share a screen. */
  readonly group?: string;
}

export interface Comparison {
  readonly at_least?: number;
  readonly above?: number;
  readonly at_most?: number;
  readonly below?: number;
}

export interface Row {
  readonly id: string;
  readonly when: Readonly<Record<string, readonly string[] | Comparison>>;
  readonly outcome: Readonly<Record<string, Json>>;
}

export interface Member {
  readonly take: 'strictest' | 'lowest' | 'all';
  readonly start: Json;
  readonly order?: readonly Json[];
}

export interface Table {
  readonly id: string;
  readonly rules_version: string;
  readonly hit: 'first' | 'collect';
  readonly inputs: readonly Input[];
  readonly outcome: Readonly<Record<string, Member>>;
  readonly rows: readonly Row[];
}

/** The answer to decide on: not sure is yes (brief §2.1, §2.2); so is silence, and so is nonsense. */
export function readAnswer(input: Input, value: unknown): string | number {
  if (input.answers !== undefined) {
    return typeof value === 'string' && input.answers.includes(value) ? value : input.strictest;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return input.strictest;
  return value >= (input.from ?? 0) && value <= (input.to ?? 0) ? value : input.strictest;
}

function isAnswerList(wanted: readonly string[] | Comparison): wanted is readonly string[] {
  return Array.isArray(wanted);
}

function holds(wanted: readonly string[] | Comparison, value: string | number): boolean {
  if (isAnswerList(wanted)) return typeof value === 'string' && wanted.includes(value);
  if (typeof value !== 'number') return false;
  if (wanted.at_least !== undefined) return value >= wanted.at_least;
  if (wanted.above !== undefined) return value > wanted.above;
  if (wanted.at_most !== undefined) return value <= wanted.at_most;
  return wanted.below !== undefined && value < wanted.below;
}

function ownValue(answers: Answers, name: string): unknown {
  return Object.hasOwn(answers, name) ? answers[name] : undefined;
}

/** The rows that hold, in their order; of a `first` table only the first. */
export function matchingRows(table: Table, answers: Answers): readonly Row[] {
  const read = new Map(table.inputs.map((input) => [input.name, readAnswer(input, ownValue(answers, input.name))]));
  const found = table.rows.filter((row) =>
    Object.entries(row.when).every(([name, wanted]) => {
      const value = read.get(name);
      return value !== undefined && holds(wanted, value);
    }),
  );
  return table.hit === 'first' ? found.slice(0, 1) : found;
}

function joinMember(member: Member, values: readonly Json[]): Json {
  const all = [member.start, ...values];
  if (member.take === 'lowest') return Math.min(...all.filter((value) => typeof value === 'number'));
  if (member.take === 'all') return [...new Set(all.flatMap((value) => (Array.isArray(value) ? value : [])))];
  const order = member.order ?? [];
  return order[Math.min(...all.map((value) => order.indexOf(value)))] ?? null;
}

/** The outcome of these rows together: of a `first` table its row's own, else the strictest of each member. */
export function joinRows(table: Table, rows: readonly Row[]): Outcome {
  if (table.hit === 'first') return { ...rows[0]?.outcome };
  const joined: Outcome = {};
  for (const [name, member] of Object.entries(table.outcome)) {
    joined[name] = joinMember(
      member,
      rows.map((row) => row.outcome[name]).filter((value) => value !== undefined),
    );
  }
  return joined;
}

/** The outcome for these answers; names that the table does not know are ignored. */
export function evaluate(table: Table, answers: Answers): Outcome {
  return joinRows(table, matchingRows(table, answers));
}
