/** What is asked about a typed number, what is missing in the form, and the record it makes. */
import { describe, expect, it } from 'vitest';
import { reading, today } from '../testing/glucose';
import { loadSentences } from '../text';
import { type Entry, entryOf, missingIn, momentOfEntry, newEntry, readingOf } from './entry';
import { doubtAbout } from './typed';
import { cameFrom } from './words';

await loadSentences('all');

const zone = 'Europe/Berlin';
const now = new Date(`${today}T18:00:30Z`);
const entry = (changes: Partial<Entry> = {}): Entry & { context: NonNullable<Entry['context']> } => ({
  ...newEntry('mg/dL', null, now, zone),
  value: '110',
  feels: 'fine',
  ...changes,
  context: changes.context ?? 'fasting',
});

describe('a reading that came by itself', () => {
  const before = reading('38', 90, { source: 'nightscout', confirmed: true });

  it('keeps its number and its time, whatever the form holds', () => {
    const form = entry({ value: '110', unit: 'mmol/L', shown: 'LO', context: 'bedtime', note: 'Felt fine.' });
    const made = readingOf(form, { id: before.id, at: now, zone, before });
    const { on, recorded_at, value, unit, special, confirmed, source } = before;
    expect(made).toMatchObject({ on, recorded_at, value, unit, special, confirmed, source });
    expect(made).toMatchObject({ context: 'bedtime', note: 'Felt fine.' });
  });

  it('asks how it felt until somebody has said so', () => {
    expect(entryOf(before, zone).feels).toBeNull();
    expect(entryOf({ ...before, signs: ['shaky'] }, zone).feels).toBe('unwell');
    expect(entryOf({ ...before, source: null }, zone).feels).toBe('fine');
  });

  it('says where it came from, and a typed one says nothing', () => {
    expect(
      ['nightscout', 'google_health', 'phone/6d7a2c1e/hc_webhook', 'a_new_one', null].map((source) =>
        cameFrom({ source }),
      ),
    ).toEqual(['From Nightscout', 'From Google Health', 'From HC Webhook', 'From a device', null]);
  });
});

describe('a typed number', () => {
  it('is one that a meter can show', () => {
    expect(['20', '36', '399', '5'].map((text) => doubtAbout(text, 'mg/dL', { sure: true }).say)).toEqual([
      'fine',
      'fine',
      'fine',
      'too_low',
    ]);
    expect(['1.1', '1,0', '22.1', '33,4'].map((text) => doubtAbout(text, 'mmol/L', { sure: true }).say)).toEqual([
      'fine',
      'too_low',
      'fine',
      'too_high',
    ]);
    expect(doubtAbout('601', 'mg/dL', { confirmed: true }).say).toBe('too_high');
    expect(['', 'abc', '1e2', '5..6'].map((text) => doubtAbout(text, 'mg/dL').say)).toEqual(
      Array(4).fill('not_a_number'),
    );
  });

  it('is asked about when it looks like the other unit; from 20 on it may be a very low sugar', () => {
    expect(doubtAbout('20', 'mg/dL')).toEqual({ say: 'unit', meant: 'mmol/L', low: true });
    expect(doubtAbout('33', 'mg/dL')).toEqual({ say: 'unit', meant: 'mmol/L', low: true });
    expect(doubtAbout('35', 'mg/dL')).toEqual({ say: 'unit', meant: 'mmol/L', low: true });
    expect(doubtAbout('5,6', 'mg/dL')).toEqual({ say: 'unit', meant: 'mmol/L', low: false });
    expect(doubtAbout('36', 'mg/dL').say).toBe('fine');
    expect(doubtAbout('33.3', 'mmol/L', { confirmed: true }).say).toBe('fine');
    expect(doubtAbout('33.4', 'mmol/L')).toEqual({ say: 'unit', meant: 'mg/dL', low: false });
    expect(doubtAbout('110', 'mmol/L')).toEqual({ say: 'unit', meant: 'mg/dL', low: false });
  });

  it('is confirmed from 400 (22.2) on', () => {
    expect(doubtAbout('400', 'mg/dL').say).toBe('confirm');
    expect(doubtAbout('22.2', 'mmol/L').say).toBe('confirm');
    expect(doubtAbout('22,1', 'mmol/L').say).toBe('fine');
    expect(doubtAbout('400', 'mg/dL', { confirmed: true }).say).toBe('fine');
  });
});

describe('the form', () => {
  it('wants to know when it was and how somebody feels', () => {
    expect(missingIn(newEntry('mg/dL', null, now, zone))).toEqual(['context', 'feels']);
    expect(missingIn(entry())).toEqual([]);
    expect(missingIn(entry({ feels: null }))).toEqual(['feels']);
    expect(missingIn(entry({ feels: 'unwell' }))).toEqual(['signs']);
    expect(missingIn(entry({ context: 'unwell', feels: null }))).toEqual(['signs']);
    expect(missingIn(entry({ feels: 'unwell', signs: ['fit'] }))).toEqual([]);
  });

  it('reads a day and a time on the wall of the patient', () => {
    const at = (changes: Partial<Entry>) =>
      momentOfEntry(entry({ when: 'earlier', ...changes }), now, zone)?.toISOString();
    expect(at({ on: today, time: '07:05' })).toBe(`${today}T06:05:00.000Z`);
    expect(at({ on: '', time: '07:05' })).toBeUndefined();
    expect(at({ on: today, time: '' })).toBeUndefined();
    expect(momentOfEntry(entry(), now, zone)).toBe(now);
  });

  it('keeps value and unit as typed, and nothing that was not said', () => {
    const made = readingOf(entry({ value: ' 5,6 ', unit: 'mmol/L', signs: ['fit'], note: ' ' }), {
      id: 'x',
      at: now,
      zone,
    });
    expect(made).toMatchObject({ value: '5,6', unit: 'mmol/L', special: null, signs: [], note: null, on: today });
    expect(readingOf(entry({ shown: 'HI' }), { id: 'x', at: now, zone })).toMatchObject({ value: null, special: 'HI' });
  });

  it('changes a reading without moving it or losing its ketones', () => {
    const before = reading('410', 7, { confirmed: true, ketones: { blood: '0,4', strip: null } });
    const shown = entryOf(before, zone);
    expect(momentOfEntry(shown, now, zone, before)?.toISOString()).toBe(before.recorded_at);
    const again = readingOf({ ...shown, context: 'fasting' }, { id: before.id, at: now, zone, before });
    expect(again).toMatchObject({ context: 'fasting', confirmed: true, ketones: { blood: '0,4' } });
    const other = readingOf({ ...shown, context: 'fasting', value: '140' }, { id: before.id, at: now, zone, before });
    expect(other.confirmed).toBe(false);
  });
});
