/** What is asked the day after something was told, and for how long. */
import { describe, expect, it } from 'vitest';
import { byUrgency, followedUp, openEvents, type TriageEvent, toFollowUp } from './events';

const TODAY = '2026-11-22';
const event = (changes: Partial<TriageEvent> = {}): TriageEvent => ({
  id: 'e1',
  on: '2026-11-21',
  recorded_at: '2026-11-21T08:00:00Z',
  signs: ['open_sore'],
  worried: false,
  level: 'same_day',
  decision: null,
  action: null,
  follow_up: null,
  follow_up_at: null,
  ...changes,
});
const dayOf = (at: string) => at.slice(0, 10);
const asked = (one: TriageEvent, today = TODAY) =>
  toFollowUp([one], new Date(`${today}T03:00:00Z`), dayOf).length === 1;

describe('the question of the day after', () => {
  it('comes on the next day, not on the day itself', () => {
    expect(asked(event())).toBe(true);
    expect(asked(event({ on: TODAY }))).toBe(false);
  });

  it('waits while what was told late in the evening still stands above it', () => {
    expect(asked(event({ recorded_at: '2026-11-21T23:30:00Z' }))).toBe(false);
    expect(asked(event({ recorded_at: '2026-11-21T23:00:00Z' }))).toBe(true);
  });

  it('ends after a week', () => {
    expect(asked(event({ on: '2026-11-15' }))).toBe(true);
    expect(asked(event({ on: '2026-11-14' }))).toBe(false);
  });

  it('is over with "reached" and with "better", and comes once more a day after "not yet"', () => {
    expect(asked(followedUp(event(), 'reached', '2026-11-22T08:00:00Z'))).toBe(false);
    expect(asked(followedUp(event(), 'better', '2026-11-22T08:00:00Z'))).toBe(false);
    const later = followedUp(event(), 'not_yet', '2026-11-22T08:00:00Z');
    expect(asked(later)).toBe(false);
    expect(asked(later, '2026-11-23')).toBe(true);
  });

  it('is asked of who was only worried, and not of who told nothing', () => {
    expect(asked(event({ level: null, signs: [], worried: true }))).toBe(true);
    expect(asked(event({ level: null, signs: [] }))).toBe(false);
  });
});

it('the most urgent comes first, then the newest', () => {
  const old = event({ id: 'old', level: 'within_days', recorded_at: '2026-11-20T08:00:00Z' });
  const fresh = event({ id: 'new', level: 'within_days' });
  const urgent = event({ id: 'urgent', level: 'emergency', recorded_at: '2026-11-19T08:00:00Z' });
  expect(byUrgency([old, fresh, urgent]).map(({ id }) => id)).toEqual(['urgent', 'new', 'old']);
  expect(openEvents([old, urgent], TODAY).map(({ id }) => id)).toEqual(['urgent', 'old']);
});
