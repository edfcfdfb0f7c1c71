/** The same answers as Python gives: every row of every table and 5 000 random inputs, written by make_vectors.py. */
import { describe, expect, it } from 'vitest';
import { readVectors } from '../testing/vectors';
import { areasToSkip, type BlockFacts, blockEnd, stillBlocks } from './blocks';
import { addMonths, asksAgain, type ClearanceFacts, isCleared } from './clearances';
import { evaluateComfort } from './comfort';
import {
  evaluateProfile,
  evaluateSession,
  evaluateStop,
  followUps,
  isLowReading,
  mayStart,
  ownTechniques,
  type ProfileOutcome,
} from './decisions';
import {
  evaluateFootCheck,
  evaluateShoes,
  type FootExam,
  footExam,
  type Measured,
  type Warm,
  warmSpots,
  warmTwoDays,
} from './feet';
import { evaluateGlucose, evaluatePreExercise, type Targets, targetProblem } from './glucose';
import { type PlanFacts, plannedAndDone, reviewDue, type SessionDay, type Span, sessionDays } from './plan';
import { chooseProgrammes, programmeOf, programmes, scriptOf } from './programmes';
import { type Answers, evaluate, type Outcome, type Table } from './rules';
import { scripts } from './scripts';
import { evaluateSymptoms } from './symptoms';
import * as tables from './tables';
import { evaluateBook, evaluateTriage } from './triage';

interface Vectors {
  rules_version: string;
  tables: { table: string; inputs: Answers; outcome: Outcome }[];
  profile: { inputs: Answers; outcome: Outcome }[];
  session: { inputs: Answers; outcome: Outcome }[];
  stop: { inputs: Answers; outcome: Outcome }[];
  blocks: { block: BlockFacts; now: string; blocks: boolean; skips: string[] }[];
  clearances: {
    reasons: string[];
    clearances: ClearanceFacts[];
    blocks: BlockFacts[];
    now: string;
    today: string;
    cleared: boolean;
  }[];
  again: { answered_at: string; blocks: BlockFacts[]; now: string; why: string | null }[];
  months: { day: string; months: number; then: string }[];
  own: { profile: Partial<ProfileOutcome>; areas_skipped: boolean; techniques: string[] }[];
  triage: { inputs: Answers; outcome: Outcome }[];
  book: { inputs: Answers; outcome: Outcome }[];
  glucose: { inputs: Answers; glucose: Outcome; walk: Outcome }[];
  targets: { targets: Targets; problem: string | null }[];
  symptoms: { inputs: Answers; outcome: Outcome }[];
  comfort: { inputs: Answers; outcome: Outcome }[];
  foot_check: { inputs: Answers; outcome: Outcome }[];
  shoe_check: { inputs: Answers; outcome: Outcome }[];
  warm: { today: Measured; before: Measured[]; warm: Warm[]; running: Warm[] }[];
  exams: { last_on: string; profile: Answers; today: string; exam: FootExam }[];
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

const vectors = readVectors<Vectors>();
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
    ['triage', evaluateTriage],
    ['book', evaluateBook],
    ['symptoms', evaluateSymptoms],
    ['comfort', evaluateComfort],
    ['foot_check', evaluateFootCheck],
    ['shoe_check', evaluateShoes],
  ] as const)('for the %s decision', (kind, evaluator) => {
    expect(vectors[kind].length).toBeGreaterThan(1000);
    for (const { inputs, outcome } of vectors[kind]) {
      expect(evaluator(inputs), JSON.stringify(inputs)).toEqual(outcome);
    }
  });

  it('for the end of blocks', () => {
    expect(vectors.blocks.length).toBeGreaterThan(100);
    for (const { block, now, blocks, skips } of vectors.blocks) {
      expect(stillBlocks(block, new Date(now)), JSON.stringify([block, now])).toBe(blocks);
      expect(areasToSkip([block], new Date(now)), JSON.stringify([block, now])).toEqual(skips);
    }
  });

  it('for what the clinic said', () => {
    expect(vectors.clearances.some(({ cleared }) => cleared)).toBe(true);
    for (const { reasons, clearances, blocks, now, today, cleared } of vectors.clearances) {
      const found = isCleared(reasons, clearances, blocks, { now: new Date(now), today });
      expect(found, JSON.stringify([reasons, clearances, blocks, now])).toBe(cleared);
    }
  });

  it('for when the profile is asked again', () => {
    expect(new Set(vectors.again.map(({ why }) => why))).toEqual(new Set([null, 'months', 'red_flag']));
    for (const { answered_at, blocks, now, why } of vectors.again) {
      expect(asksAgain(answered_at, blocks, new Date(now)), JSON.stringify([answered_at, blocks, now])).toBe(why);
    }
    for (const { day, months, then } of vectors.months) expect(addMonths(day, months)).toBe(then);
  });

  it('for the techniques of a session of one’s own', () => {
    expect(vectors.own.length).toBeGreaterThan(100);
    for (const { profile, areas_skipped, techniques } of vectors.own) {
      expect(ownTechniques(profile, areas_skipped), JSON.stringify([profile, areas_skipped])).toEqual(techniques);
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

  it('for sugar readings, before a walk too', () => {
    expect(vectors.glucose.length).toBeGreaterThan(1000);
    for (const { inputs, glucose, walk } of vectors.glucose) {
      expect(evaluateGlucose(inputs), JSON.stringify(inputs)).toEqual(glucose);
      expect(evaluatePreExercise(inputs), JSON.stringify(inputs)).toEqual(walk);
    }
  });

  it('for targets of one’s own', () => {
    expect(new Set(vectors.targets.map(({ problem }) => problem)).size).toBe(4);
    for (const { targets, problem } of vectors.targets) {
      expect(targetProblem(targets), JSON.stringify(targets)).toBe(problem);
    }
  });

  it('for skin that is warmer, on one day and on two', () => {
    for (const { today, before, warm, running } of vectors.warm) {
      const which = JSON.stringify({ today, before });
      expect(warmSpots(today), which).toEqual(warm);
      expect(warmTwoDays(today, before), which).toEqual(running);
    }
  });

  it('for the next foot exam', () => {
    for (const { last_on, profile, today, exam } of vectors.exams) {
      expect(footExam(last_on, profile, today), JSON.stringify({ last_on, profile, today })).toEqual(exam);
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

  it('a script that there is not never starts', () => {
    const free = { scripts: scripts.map(({ id }) => id), scripts_with_helper: [] };
    for (const { id } of scripts) expect(mayStart(free, id, false)).toBe(true);
    expect(mayStart({ ...free, scripts: ['S99'] }, 'S99', false)).toBe(false);
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
    const rash = { warning: 'skin_problem', level: 'within_days', on: '2026-11-22', started_at: 'yesterday' };
    expect(stillBlocks({ ...rash, areas: null }, new Date('2026-11-25T00:00:00Z'))).toBe(true);
    const block = { warning: 'drunk_or_sleepy', level: null, on: '2026-11-22', started_at: 'yesterday' };
    expect(stillBlocks(block, new Date('2026-11-25T00:00:00Z'))).toBe(true);
    expect(blockEnd('nonsense', null).ends).toBe('clinic_ok');
  });
});

describe('what cannot be read clears nothing', () => {
  const at = { now: new Date('2026-11-22T18:00:00Z'), today: '2026-11-22' };
  const ok: ClearanceFacts = {
    reasons: ['blood_clot'],
    clinician_name: 'Dr Lee',
    clinician_on: '2026-11-20',
    recorded_at: '2026-11-20T08:00:00Z',
    ended_at: null,
  };
  const cleared = (changes: Partial<ClearanceFacts>) => isCleared(['blood_clot'], [{ ...ok, ...changes }], [], at);

  it('a day, a moment or a name that is none', () => {
    expect(cleared({})).toBe(true);
    expect(cleared({ recorded_at: 'yesterday' })).toBe(false);
    expect(cleared({ clinician_on: 'in May' })).toBe(false);
    expect(cleared({ clinician_name: ' ' })).toBe(false);
  });

  it('a red flag of no known day or moment ends it', () => {
    const flag = { warning: 'open_sore', level: 'same_day', on: '2026-11-19', started_at: '2026-11-19T08:00:00Z' };
    expect(isCleared(['blood_clot'], [ok], [flag], at)).toBe(true);
    expect(isCleared(['blood_clot'], [ok], [{ ...flag, started_at: 'some day' }], at)).toBe(false);
  });
});
