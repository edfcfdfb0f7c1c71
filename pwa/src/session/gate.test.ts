/** Whatever is missing or unclear, no session starts. */
import { describe, expect, it } from 'vitest';
import { OWN } from '../care/decisions';
import { profileGate } from '../care/tables';
import type { Records } from '../store/records';
import { begin, clearance, now, offerOf, profile, today } from '../testing/gate';
import { block } from '../testing/records';
import { type Gate, isOffered, offerWithout, type Part, shownPart } from './gate';

const log = (id: string, changes: Partial<Records['session_log']> = {}) =>
  ({ id, on: today, ended_at: '2026-11-22T17:00:00Z', redness: 'gone', ...changes }) as Records['session_log'];

describe('a session', () => {
  it('may be chosen when nothing speaks against it, the usual one first', () => {
    const { alone, techniques } = offerOf();
    expect(alone).toContain('S8');
    expect(alone[0]).not.toBe('A6');
    expect(techniques).toEqual(['stroking', 'kneading', 'pressure_points', 'rolling', 'warm_oil']);
  });

  it('needs the questions answered first', () => {
    expect(begin({ profile: null }).say).toBe('answer_questions');
  });

  it.each(profileGate.inputs.map(({ name }) => name))('is never looser without an answer to %s', (name) => {
    const { [name]: _, ...answers } = profile().answers;
    const gate = begin({ profile: { ...profile(), answers } });
    if (gate.say !== 'choose') return expect(gate).toEqual({ say: 'ask_clinic', about: [name] });
    const whole = offerOf();
    expect(gate.offer.profile.pressure_cap).toBeLessThanOrEqual(whole.profile.pressure_cap);
    expect(whole.alone).toEqual(expect.arrayContaining(gate.offer.alone.filter((id) => id !== 'C8')));
  });

  it('does not trust the decision that was kept: the answers are read again', () => {
    const forged = { ...profile({ blood_clot: 'yes' }), decision: profile().decision };
    expect(begin({ profile: forged })).toEqual({ say: 'ask_clinic', about: ['blood_clot'] });
  });

  it('does not let an answer say that the clinic said OK', () => {
    expect(begin({ profile: profile({ blood_clot: 'yes', cleared: 'yes' }) }).say).toBe('ask_clinic');
  });

  it('starts once a day; one that was stopped may be finished', () => {
    expect(begin({ logs: [log('one')] }).say).toBe('done_today');
    expect(begin({ logs: [log('one')], ownId: 'one' }).say).toBe('choose');
    expect(begin({ logs: [log('one'), log('two')], ownId: 'one' }).say).toBe('done_today');
    expect(begin({ logs: [log('one', { on: '2026-11-21' })] }).say).toBe('choose');
  });

  it('counts though its log was deleted', () => {
    expect(begin({ deleted: [{ id: 'one', on: today }] }).say).toBe('done_today');
    expect(begin({ deleted: [{ id: 'one', on: today }], ownId: 'one' }).say).toBe('choose');
    expect(begin({ deleted: [{ id: 'one', on: '2026-11-21' }] }).say).toBe('choose');
  });

  it('that has begun ends when another phone has logged one today', () => {
    expect(begin({ begun: true, logs: [log('other')], ownId: 'one' }).say).toBe('done_today');
    expect(begin({ begun: true, logs: [log('one')], ownId: 'one' }).say).toBe('choose');
  });

  it('waits for the look at the skin after the last one, and goes on once it has begun', () => {
    const unseen = log('old', { on: '2026-11-21', ended_at: '2026-11-21T17:00:00Z', redness: null });
    expect(begin({ logs: [unseen] }).say).toBe('look_first');
    expect(begin({ logs: [{ ...unseen, redness: 'gone' }] }).say).toBe('choose');
    expect(begin({ logs: [unseen], begun: true, ownId: 'one' }).say).toBe('choose');
    const stopped = log('one', { redness: null });
    expect(begin({ logs: [stopped], ownId: 'one' }).say).toBe('look_first');
    expect(begin({ logs: [{ ...stopped, ended_at: '2026-11-22T17:50:00Z' }], ownId: 'one' }).say).toBe('choose');
  });

  it('does not start when what is kept cannot be read', () => {
    expect(begin({ profile: { ...profile(), answers: null as never } }).say).toBe('unclear');
    expect(begin({ blocks: [null as never] }).say).toBe('unclear');
    expect(begin({ profile: profile({ blood_clot: 'yes' }), clearances: [null as never] }).say).toBe('unclear');
  });

  it('tells who nothing fits why', () => {
    const gate = begin({ profile: profile({ touch_hurts: 'yes', reaches_feet: 'no' }) });
    expect(gate).toEqual({ say: 'nothing_fits', about: ['touch_hurts', 'cannot_reach'] });
  });

  it('is only for those with a helper when the feet cannot be reached', () => {
    const offer = offerOf({ profile: profile({ reaches_feet: 'no' }) });
    expect(offer.withHelper).toContain('S8');
    expect(offer.techniques).toEqual([]);
    expect(isOffered(offer, { script_id: 'S8', helper: false, own: null })).toBe(false);
    expect(isOffered(offer, { script_id: 'S8', helper: true, own: null })).toBe(true);
  });
});

describe('the clinic’s OK', () => {
  const clot = profile({ blood_clot: 'yes' });

  it('makes a gentle session possible, and nothing else', () => {
    const { profile: outcome, techniques } = offerOf({ profile: clot, clearances: [clearance(['blood_clot'])] });
    expect([outcome.mode, outcome.pressure_cap, outcome.scripts]).toEqual(['gentle', 2, ['G12', 'A6']]);
    expect(techniques).toContain('palm_strokes');
    expect(techniques).not.toContain('kneading');
  });

  it('is wanted for every reason', () => {
    const both = profile({ blood_clot: 'yes', pregnant: 'yes' });
    expect(begin({ profile: both, clearances: [clearance(['blood_clot'])] })).toEqual({
      say: 'ask_clinic',
      about: ['pregnant'],
    });
  });

  it('is over after a red flag, and then the questions come first', () => {
    const flag = block({
      started_at: '2026-11-22T17:40:00Z',
      ended_at: '2026-11-22T17:50:00Z',
      end_reason: 'clinic_ok',
      clinician_name: 'Kim',
      clinician_on: today,
    });
    const facts = { profile: clot, clearances: [clearance(['blood_clot'])], blocks: [flag] };
    expect(begin(facts)).toEqual({ say: 'ask_again', why: 'red_flag' });
    const answered = { ...clot, answered_at: '2026-11-22T17:55:00Z' };
    expect(begin({ ...facts, profile: answered }).say).toBe('ask_clinic');
  });
});

describe('the questions', () => {
  const old = { ...profile(), answered_at: '2026-08-21T18:00:00Z' };

  it('are asked again after three months', () => {
    expect(begin({ profile: old })).toEqual({ say: 'ask_again', why: 'months' });
    expect(begin({ profile: { ...old, answered_at: '2026-08-22T18:00:00Z' } }).say).toBe('choose');
  });

  it('do not break off a massage that has begun, unless a red flag came', () => {
    expect(begin({ profile: old, begun: true }).say).toBe('choose');
    const ended = { ended_at: now.toISOString(), end_reason: 'clinic_ok', clinician_name: 'Kim', clinician_on: today };
    expect(begin({ profile: old, begun: true, blocks: [block(ended as never)] }).say).toBe('ask_again');
  });

  it('are asked again when nobody can say when they were answered', () => {
    for (const answered_at of ['', 'long ago', '2027-11-22T18:00:00Z']) {
      expect(begin({ profile: { ...profile(), answered_at } }).say).toBe('ask_again');
    }
  });
});

describe('a session of one’s own', () => {
  const own = { techniques: ['stroking', 'warm_oil'], minutes: 8 };

  it('may hold only what this person may do today', () => {
    const offer = offerOf();
    expect(isOffered(offer, { script_id: OWN, helper: false, own })).toBe(true);
    expect(isOffered(offer, { script_id: OWN, helper: false, own: null })).toBe(false);
    expect(isOffered(offer, { script_id: OWN, helper: true, own })).toBe(false);
    expect(isOffered(offer, { script_id: OWN, helper: false, own: { techniques: [], minutes: 8 } })).toBe(false);
    expect(isOffered(offer, { script_id: OWN, helper: false, own: { ...own, minutes: 31 } })).toBe(false);
    expect(isOffered(offerWithout(offer, ['left.heel']), { script_id: OWN, helper: false, own })).toBe(false);
    const gentle = offerOf({ profile: profile({ fragile_skin: 'yes' }) });
    expect(isOffered(gentle, { script_id: OWN, helper: false, own })).toBe(false);
  });
});

describe('the part that is shown', () => {
  const chosen = { script_id: 'S8', helper: false, own: null };
  const parts: Part[] = ['choose', 'skip', 'feelings', 'player', 'check', 'after', 'saved'];
  const all = (gate: Gate, draft: typeof chosen | null = chosen) => parts.map((part) => shownPart(part, gate, draft));

  it('is the one that was reached when the session may go on', () => {
    expect(all(begin())).toEqual(parts);
  });

  it('is never the massage while something stands against it', () => {
    const reached = ['check', 'after', 'saved'];
    expect(all(begin({ blocks: [block()] }))).toEqual([...Array(4).fill('blocked'), ...reached]);
    expect(all({ say: 'unclear' })).toEqual(['choose', 'skip', 'choose', 'choose', ...reached]);
    expect(all(begin({ profile: null }))).toEqual(['choose', 'skip', 'choose', 'choose', ...reached]);
    expect(all(begin(), null)).toEqual(['choose', 'skip', 'choose', 'choose', ...reached]);
    const gentle = begin({ profile: profile({ numb_hands: 'yes' }) });
    expect(all(gentle)).toEqual(['choose', 'skip', 'choose', 'choose', ...reached]);
  });
});

describe('with strong pain', () => {
  const gentle = ['S8', 'G12', 'A6', 'C8'];

  it('only what is short or gentle is offered, to whom it is offered at all', () => {
    const usual = offerOf();
    const offer = offerOf({ severe: true });
    expect(usual.alone).toContain('E30');
    expect(usual.techniques.length).toBeGreaterThan(0);
    expect(offer.alone).toEqual(usual.alone.filter((id) => gentle.includes(id)));
    expect(offer.techniques).toEqual([]);
    expect(isOffered(offer, { script_id: 'S20', helper: true, own: null })).toBe(false);
  });

  it('leaving an area out brings nothing long back', () => {
    const offer = offerWithout(offerOf({ severe: true }), ['left.heel']);
    expect(offer.alone.every((id) => gentle.includes(id))).toBe(true);
    expect(offer.techniques).toEqual([]);
  });
});
