/** The same answers as Python gives: every row of every table and 5 000 random inputs, written by make_vectors.py. */
import { describe, expect, it } from 'vitest';
import { type BlockFacts, blockEnd, stillBlocks } from './blocks';
import {
  evaluateProfile,
  evaluateSession,
  evaluateStop,
  followUps,
  isLowReading,
  mayStart,
  type ProfileOutcome,
} from './decisions';
import { type PlanFacts, plannedAndDone, reviewDue, type SessionDay, type Span, sessionDays } from './plan';
import { chooseProgrammes, programmeOf, programmes, scriptOf } from './programmes';
import { type Answers, evaluate, type Outcome, type Table } from './rules';
import { scripts } from './scripts';
import * as tables from './tables';

interface Vectors {
  rules_version: string;
  tables: { table: string; inputs: Answers; outcome: Outcome }[];
  profile: { inputs: Answers; outcome: Outcome }[];
  session: { inputs: Answers; outcome: Outcome }[];
  stop: { inputs: Answers; outcome: Outcome }[];
  blocks: { block: BlockFacts; now: string; blocks: boolean }[];
  scripts: unknown[];
  programmes: {
    profile: ProfileOutcome;
    severe_pain: unknown;
    chosen: unknown;
    scripts: Record<string, string | null>;
  }[];
  plans: {
    plan: PlanFacts;
    done: string[];
    rests: Span[];
    reviewed: number[];
    today: string;
    last: string;
    days: SessionDay[];
    planned: number;
    done_28: number;
    review_due: number | null;
  }[];
}

// A glob, because it is empty, not an error of the build, when the file is not there.
const files = import.meta.glob<string>('../../../.cache/vectors.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

function readVectors(): Vectors {
  const [text] = Object.values(files);
  if (text === undefined) {
    throw new Error('No .cache/vectors.json. Write it first, in the root: .venv/bin/python -m tests.care.make_vectors');
  }
  return JSON.parse(text) as Vectors;
}

const vectors = readVectors();
const byId = new Map<string, Table>(
  Object.values(tables)
    .filter((one) => typeof one !== 'string')
    .map((one) => [one.id, one]),
);

describe('the evaluator gives what Python gives', () => {
  it('has the same rules version', () => {
    expect(tables.rulesVersion).toBe(vectors.rules_version);
  });

  it.each([...byId.keys()])('for table %s', (id) => {
    const table = byId.get(id);
    const own = vectors.tables.filter((vector) => vector.table === id);
    expect(own.length).toBeGreaterThan(0);
    for (const { inputs, outcome } of own) {
      expect(table && evaluate(table, inputs), JSON.stringify(inputs)).toEqual(outcome);
    }
  });

  it.each([
    ['profile', evaluateProfile],
    ['session', evaluateSession],
    ['stop', evaluateStop],
  ] as const)('for the %s decision', (kind, evaluator) => {
    expect(vectors[kind].length).toBeGreaterThan(1000);
    for (const { inputs, outcome } of vectors[kind]) {
      expect(evaluator(inputs), JSON.stringify(inputs)).toEqual(outcome);
    }
  });

  it('for the end of blocks', () => {
    expect(vectors.blocks.length).toBeGreaterThan(100);
    for (const { block, now, blocks } of vectors.blocks) {
      expect(stillBlocks(block, new Date(now)), JSON.stringify([block, now])).toBe(blocks);
    }
  });

  it('for the programmes a profile may choose, and what each runs', () => {
    expect(vectors.programmes.length).toBeGreaterThan(1000);
    for (const { profile, severe_pain, chosen, scripts: runs } of vectors.programmes) {
      expect(chooseProgrammes(profile, severe_pain), JSON.stringify(profile)).toEqual(chosen);
      const found = programmes.map((programme) => [programme.id, scriptOf(programme, profile)]);
      expect(Object.fromEntries(found), JSON.stringify(profile)).toEqual(runs);
    }
  });

  it('for the session days of a plan and what they add up to', () => {
    expect(vectors.plans.length).toBeGreaterThan(1000);
    for (const { plan, done, rests, reviewed, today, last, days, planned, done_28, review_due } of vectors.plans) {
      const which = JSON.stringify([plan, done, today]);
      expect(sessionDays(plan, done, today, last), which).toEqual(days);
      expect(plannedAndDone(plan, done, rests, today), which).toEqual({ planned, done: done_28 });
      expect(reviewDue(plan, reviewed, today), which).toBe(review_due);
    }
  });

  it('for the scripts, step by step', () => {
    expect(scripts).toEqual(vectors.scripts);
  });
});

describe('helpers of the screens', () => {
  it('no answer at all starts nothing', () => {
    expect(mayStart(evaluateProfile({}), 'S8', true)).toBe(false);
    expect(mayStart({}, 'S8', true)).toBe(false);
    expect(evaluateSession({}).block).toBe(true);
  });

  it('no profile at all opens no programme', () => {
    expect(chooseProgrammes({}, 'no')).toEqual({ allowed: [], recommended: null, clinic_first: true });
    expect(programmeOf('unheard_of')).toBeUndefined();
  });

  it('a script that is not offered never starts', () => {
    const free = { start: 'allowed', scripts: ['S8', 'S10'], scripts_with_helper: [] } as const;
    expect(mayStart({ ...free, scripts: [...free.scripts], scripts_with_helper: [] }, 'S8', false)).toBe(true);
    expect(mayStart({ ...free, scripts: [...free.scripts], scripts_with_helper: [] }, 'S10', false)).toBe(false);
  });

  it('asks the one more question only after its warning', () => {
    expect(followUps({ pus_or_smell: 'yes', one_calf_swollen: 'no', skin_problem: 'not_sure' })).toEqual([
      'ill_with_pus',
      'dark_spot',
    ]);
  });

  it('compares a reading in the unit it was typed in', () => {
    expect(isLowReading(69, 'mg/dL', 'US')).toBe(true);
    expect(isLowReading(70, 'mg/dL', 'US')).toBe(false);
    expect(isLowReading(3.9, 'mmol/L', 'EU')).toBe(false);
    expect(isLowReading(3.9, 'mmol/L', 'GB')).toBe(true);
  });

  it('keeps a block whose times cannot be read', () => {
    const block = { warning: 'drunk_or_sleepy', level: null, on: '2026-11-22', started_at: 'yesterday' };
    expect(stillBlocks(block, new Date('2026-11-25T00:00:00Z'))).toBe(true);
    expect(blockEnd('nonsense', null).ends).toBe('clinic_ok');
  });
});
