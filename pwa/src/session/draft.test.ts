/** What becomes of a session that was left in the middle. */
import { describe, expect, it } from 'vitest';
import { hasBegun, newDraft, type SessionDraft, takeUp, toLog, whatNow } from './draft';
import type { Snapshot } from './player';
import { mayFinishLater } from './stop';

const decision = { rules_version: '2026-11-22', inputs: {}, outcome: {} };
const checked = { decision, profile_decision: null, areas_skipped: [] as string[] };
const begun: Snapshot = {
  script_id: 'S8',
  step: 4,
  seconds_into_step: 3,
  seconds_done: 88,
  seconds_covered: [10, 10, 9, 36, 3],
  seconds_played: 88,
  started_at: '2026-11-22T18:00:00.000Z',
  saved_at: '2026-11-22T18:01:30.000Z',
  state: 'paused',
  paused_by: 'hidden',
};

function draft(changes: Partial<SessionDraft> = {}): SessionDraft {
  const at = '2026-11-22T17:58:00.000Z';
  const made = {
    id: 'one',
    on: '2026-11-22',
    script_id: 'S8',
    occurrence_id: null,
    helper: false,
    own: null,
    ...checked,
    at,
  };
  return { ...newDraft(made), stage: 'player', player: begun, saved_at: begun.saved_at, ...changes };
}

const minutesLater = (minutes: number) => new Date(Date.parse(begun.saved_at) + minutes * 60_000);

describe('a draft that is found', () => {
  it('goes on at once within 30 minutes', () => {
    expect(whatNow(draft(), minutesLater(30), '2026-11-22')).toBe('go_on');
  });

  it('asks for a foot check first when it is older', () => {
    expect(whatNow(draft(), minutesLater(30.1), '2026-11-22')).toBe('check_first');
  });

  it('asks for a foot check first when the clock was set back', () => {
    expect(whatNow(draft(), minutesLater(-5), '2026-11-22')).toBe('check_first');
  });

  it('is kept as it is on another day', () => {
    expect(whatNow(draft(), minutesLater(20), '2026-11-23')).toBe('keep');
    expect(whatNow(draft({ stage: 'after' }), minutesLater(20), '2026-11-23')).toBe('keep');
  });

  it('that only needs saving never asks for a check', () => {
    expect(whatNow(draft({ stage: 'after' }), minutesLater(300), '2026-11-22')).toBe('go_on');
  });

  it('has begun only once the massage has', () => {
    expect(hasBegun(draft())).toBe(true);
    expect(hasBegun(draft({ player: null }))).toBe(false);
  });
});

describe('the log of a draft', () => {
  it('left in the middle is a session stopped by an interruption', () => {
    expect(toLog(draft())).toMatchObject({
      state: 'stopped',
      stop_reason: 'interrupted',
      seconds_done: 88,
      started_at: begun.started_at,
      ended_at: begun.saved_at,
      on: '2026-11-22',
    });
  });

  it('keeps what the patient said', () => {
    const said = draft({
      player: { ...begun, state: 'finished', seconds_done: 480 },
      stop_reason: null,
      before: { pain: 4, numbness: 2, tingling: null },
      after: { pain: 3, numbness: null, tingling: 0 },
      skin_same: true,
      note: '  warm  ',
    });
    expect(toLog(said)).toMatchObject({
      state: 'finished',
      stop_reason: null,
      pain_before: 4,
      numbness_before: 2,
      tingling_before: null,
      pain_after: 3,
      tingling_after: 0,
      skin_same: true,
      note: 'warm',
      decision,
    });
  });

  it('keeps what was left out, what the patient put together, and what the profile said', () => {
    const own = { techniques: ['stroking'], minutes: 6 };
    const kept = draft({ script_id: 'OWN', own, areas_skipped: ['left.heel'], profile_decision: decision });
    expect(toLog(kept)).toMatchObject({ own, areas_skipped: ['left.heel'], profile_decision: decision });
  });

  it('of an older app has nothing of that', () => {
    const { own: _, areas_skipped: __, profile_decision: ___, ...old } = draft();
    expect(toLog(old as SessionDraft)).toMatchObject({ own: null, areas_skipped: [], profile_decision: null });
  });

  it('keeps comfort and speed; the redness is asked about anew', () => {
    const comfort = Array.from({ length: 61 }, (_, minute) => ({ second: 60 * minute, score: 8 }));
    const log = toLog(draft({ comfort, player: { ...begun, speed: 0.75 } }));
    expect(log).toMatchObject({ speed: 0.75, redness: null, redness_at: null });
    expect(log.comfort).toHaveLength(60);
    expect(log.comfort[0]).toEqual({ second: 60, score: 8 });
    const { comfort: _, ...old } = draft();
    expect(toLog(old as SessionDraft)).toMatchObject({ comfort: [], speed: null });
  });

  it('never ends before it began, even when the clock was set back', () => {
    const log = toLog(draft({ ended_at: '2026-11-22T12:00:00.000Z' }));
    expect(log.ended_at).toBe(log.started_at);
  });
});

describe('a stopped session', () => {
  const stopped = (stop_reason: SessionDraft['stop_reason']) =>
    draft({ stage: 'after', player: { ...begun, state: 'stopped', paused_by: null }, stop_reason });

  it('may be finished the same day when nothing was wrong', () => {
    expect(mayFinishLater(stopped('enough'))).toBe(true);
    expect(mayFinishLater(stopped('interrupted'))).toBe(true);
  });

  it('is over for today after pain, changed skin, blood or feeling unwell', () => {
    for (const reason of ['pain', 'skin', 'bleeding', 'unwell'] as const)
      expect(mayFinishLater(stopped(reason))).toBe(false);
    expect(mayFinishLater({ ...stopped('enough'), skin_same: false })).toBe(false);
  });

  it('goes on at its second under the same id', () => {
    const again = takeUp(stopped('enough'), { ...checked, areas_skipped: ['left.heel'] }, '2026-11-22T20:00:00.000Z');
    expect(again).toMatchObject({
      id: 'one',
      stage: 'player',
      stop_reason: null,
      ended_at: null,
      areas_skipped: ['left.heel'],
    });
    expect(again.player).toMatchObject({ state: 'paused', step: 4, seconds_into_step: 3 });
  });
});
