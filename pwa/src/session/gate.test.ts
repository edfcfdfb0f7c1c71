/** Whatever is missing or unclear, no session starts. */
import { describe, expect, it } from 'vitest';
import { decideProfile } from '../care/decisions';
import { profileGate } from '../care/tables';
import type { Records } from '../store/records';
import { kept } from './blocks';
import { type Facts, mayBegin } from './gate';

const now = new Date('2026-11-22T18:00:00Z');

/** The answer that raises no flag is the one that is not the strictest. */
const calm: Record<string, string> = Object.fromEntries(
  profileGate.inputs.map(({ name, strictest }) => [name, strictest === 'yes' ? 'no' : 'yes']),
);

const profile = (changes: Record<string, string> = {}): NonNullable<Records['me']['profile']> => {
  const answers = { ...calm, ...changes };
  return { answers, answered_at: now.toISOString(), decision: kept(decideProfile(answers)) };
};

const block = (changes: Partial<Records['block']> = {}): Records['block'] => ({
  id: 'b1',
  on: '2026-11-22',
  started_at: '2026-11-22T12:00:00Z',
  warning: 'open_sore',
  level: 'same_day',
  decision: null,
  ended_at: null,
  end_reason: null,
  clinician_name: null,
  clinician_on: null,
  ...changes,
});

const log = (id: string) => ({ id }) as Records['session_log'];

function begin(facts: Partial<Facts> = {}) {
  return mayBegin('S8', { profile: profile(), blocks: [], logs: [], stoppedId: null, now, ...facts });
}

describe('a session', () => {
  it('starts when nothing speaks against it', () => {
    expect(begin().say).toBe('start');
  });

  it('needs the questions answered first', () => {
    expect(begin({ profile: null }).say).toBe('answer_questions');
  });

  it.each(profileGate.inputs.map(({ name }) => name))(
    'never starts alone without an answer to %s that allows it',
    (name) => {
      const { [name]: _, ...answers } = profile().answers;
      const gate = begin({ profile: { ...profile(), answers } });
      const harmless = ['low_sugar_medicine', 'type_1', 'sglt2_inhibitor', 'has_helper', 'sees_soles', 'care_team_ok'];
      if (name === 'reaches_feet') expect(gate.say).toBe('helper_needed');
      else if (harmless.includes(name)) expect(gate.say).toBe('start');
      else expect(gate).toEqual({ say: 'ask_clinic', about: [name] });
    },
  );

  it('does not trust the decision that was kept: the answers are read again', () => {
    const forged = { ...profile({ numb_feet: 'yes' }), decision: profile().decision };
    expect(begin({ profile: forged })).toEqual({ say: 'ask_clinic', about: ['numb_feet'] });
  });

  it('is only for those with a helper when the feet cannot be reached', () => {
    expect(begin({ profile: profile({ reaches_feet: 'no' }) }).say).toBe('helper_needed');
  });

  it('waits while a block stands, whatever the profile says', () => {
    expect(begin({ blocks: [block()], profile: null })).toMatchObject({ say: 'blocked', blocks: [{ id: 'b1' }] });
  });

  it('starts again after an end that the rules allow', () => {
    const ok = {
      ended_at: '2026-11-22T17:00:00Z',
      end_reason: 'clinic_ok',
      clinician_name: 'Kim',
      clinician_on: '2026-11-22',
    } as const;
    expect(begin({ blocks: [block(ok)] }).say).toBe('start');
    expect(begin({ blocks: [block({ ...ok, clinician_name: null })] }).say).toBe('blocked');
    expect(begin({ blocks: [block({ ...ok, end_reason: 'check_clear' })] }).say).toBe('blocked');
  });

  it('starts once a day; one that was stopped may be finished', () => {
    expect(begin({ logs: [log('one')] }).say).toBe('done_today');
    expect(begin({ logs: [log('one')], stoppedId: 'one' }).say).toBe('start');
    expect(begin({ logs: [log('one'), log('two')], stoppedId: 'one' }).say).toBe('done_today');
  });

  it('does not start when what is kept cannot be read', () => {
    expect(begin({ profile: { ...profile(), answers: null as never } }).say).toBe('unclear');
    expect(begin({ blocks: [null as never] }).say).toBe('unclear');
  });
});
