import { expect, it } from 'vitest';
import { fateOf, type Wishes } from './sending';

const BERLIN = 'Europe/Berlin';
const quiet: Wishes = { quiet_hours: { from: '22:00', until: '07:00' } };
const away: Wishes = { reminders_paused: { reason: 'away', from_on: '2026-11-22', until_on: '2026-11-24' } };
const fate = (at: string, kind: string, wishes: Wishes) => fateOf(new Date(at), kind, wishes, BERLIN);
const end = new Date('2026-11-23T06:00:00Z');

it('outside of quiet hours, and with nothing chosen, a message comes at its time', () => {
  const at = new Date('2026-11-23T18:00:00Z');
  for (const wishes of [{}, { quiet_hours: null, reminders_paused: null }, quiet])
    expect(fateOf(at, 'own', wishes, BERLIN)).toEqual({ sent: at });
});

it('in quiet hours it waits for their end while it is of use, each kind for its own time', () => {
  expect(fate('2026-11-23T05:15:00Z', 'foot_check', quiet)).toEqual({ sent: end });
  expect(fate('2026-11-23T05:00:00Z', 'foot_check', quiet)).toEqual({ not_sent: 'quiet_hours' });
  expect(fate('2026-11-23T05:15:00Z', 'glucose', quiet)).toEqual({ not_sent: 'quiet_hours' });
  expect(fate('2026-11-23T04:15:00Z', 'symptom_entry', quiet)).toEqual({ sent: end });
  expect(fate('2026-11-23T05:15:00Z', 'not known yet', quiet)).toEqual({ not_sent: 'quiet_hours' });
});

it('a pause holds its first and last day, and one without an end all days after', () => {
  expect(fate('2026-11-24T22:59:00Z', 'own', away)).toEqual({ not_sent: 'paused' });
  expect(fate('2026-11-24T23:00:00Z', 'own', away)).toEqual({ sent: new Date('2026-11-24T23:00:00Z') });
  const open: Wishes = { reminders_paused: { reason: 'ill', from_on: '2026-11-22', until_on: null } };
  expect(fate('2027-11-24T12:00:00Z', 'own', open)).toEqual({ not_sent: 'paused' });
});

it('what waits into a pause is not sent either', () => {
  const tomorrow = { reason: 'away', from_on: '2026-11-23', until_on: null } as const;
  const wishes: Wishes = { quiet_hours: { from: '22:00', until: '00:30' }, reminders_paused: tomorrow };
  expect(fate('2026-11-22T22:45:00Z', 'own', wishes)).toEqual({ not_sent: 'paused' });
});
