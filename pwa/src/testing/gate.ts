/** Facts for the gate before a session, by which it may begin unless they are changed. */
import { decideProfile } from '../care/decisions';
import { profileGate } from '../care/tables';
import { kept } from '../session/blocks';
import { type Facts, type Gate, mayBegin } from '../session/gate';
import type { Records } from '../store/records';

export const now = new Date('2026-11-22T18:00:00Z');
export const today = '2026-11-22';

/** The answer that raises no flag is the one that is not the strictest. */
const calm: Record<string, string> = Object.fromEntries(
  profileGate.inputs.map(({ name, strictest }) => [name, strictest === 'yes' ? 'no' : 'yes']),
);

export const profile = (changes: Record<string, string> = {}): NonNullable<Records['me']['profile']> => {
  const answers = { ...calm, ...changes };
  return { answers, answered_at: '2026-11-22T17:30:00Z', decision: kept(decideProfile(answers)) };
};

export const clearance = (reasons: string[], changes: Partial<Records['clearance']> = {}): Records['clearance'] =>
  ({
    id: 'c1',
    on: today,
    recorded_at: '2026-11-22T17:00:00Z',
    reasons,
    clinician_name: 'Dr Lee',
    clinician_on: today,
    ended_at: null,
    ...changes,
  }) as Records['clearance'];

export function begin(facts: Partial<Facts> = {}): Gate {
  const usual = {
    profile: profile(),
    clearances: [],
    blocks: [],
    readings: [],
    region: 'US',
    logs: [],
    deleted: [],
    ownId: null,
    begun: false,
  };
  return mayBegin({ ...usual, now, today, ...facts });
}

export function offerOf(facts: Partial<Facts> = {}) {
  const gate = begin(facts);
  if (gate.say !== 'choose') throw new Error(`the gate says ${gate.say}`);
  return gate.offer;
}
