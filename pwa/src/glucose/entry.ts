/** The form of a reading: what it begins with, what is missing in it, and the record it makes. */
import type { Context, Sign, Unit } from '../care/glucose';
import { localDate, localTime, momentOf } from '../localtime';
import { numberOf, type Reading } from './readings';

export interface Entry {
  shown: 'number' | 'LO' | 'HI';
  value: string;
  unit: Unit;
  context: Context | null;
  feels: 'fine' | 'unwell' | null;
  signs: Sign[];
  when: 'now' | 'earlier';
  on: string;
  time: string;
  note: string;
}

export function newEntry(unit: Unit, context: Context | null, now: Date, zone: string): Entry {
  return {
    shown: 'number',
    value: '',
    unit,
    context,
    feels: null,
    signs: [],
    when: 'now',
    on: localDate(now, zone),
    time: localTime(now, zone),
    note: '',
  };
}

/** A reading as the form shows it to be changed. */
export function entryOf(reading: Reading, zone: string): Entry {
  const at = new Date(reading.recorded_at);
  return {
    shown: reading.special ?? 'number',
    value: reading.value ?? '',
    unit: reading.unit,
    context: reading.context,
    feels: feelsOf(reading),
    signs: reading.signs as Sign[],
    when: 'earlier',
    on: localDate(at, zone),
    time: localTime(at, zone),
    note: reading.note ?? '',
  };
}

/** Of a reading that came by itself nobody has said how they felt, until it was saved once here. */
function feelsOf({ signs, source, decision }: Reading): Entry['feels'] {
  if (signs.length > 0) return 'unwell';
  return source && decision === null ? null : 'fine';
}

/** Where an unfinished form is kept: a new one, or that of a reading. */
export const draftName = (id: string | null): string => (id ? `glucose ${id}` : 'glucose');

/** The form of a reading that was kept a moment ago: its "now" is that moment, however late the rest is filled in. */
export function stamped(entry: Entry, at: Date, zone: string): Entry {
  return { ...entry, when: 'earlier', on: localDate(at, zone), time: localTime(at, zone) };
}

/** When it was; null for a day or a time that is none. Of a reading that is changed the second stays as it was. */
export function momentOfEntry({ when, on, time }: Entry, now: Date, zone: string, before?: Reading): Date | null {
  if (when === 'now') return now;
  if (!/^\d{4}-\d\d-\d\d$/.test(on) || !/^\d\d:\d\d$/.test(time)) return null;
  const kept = before && new Date(before.recorded_at);
  if (kept && localDate(kept, zone) === on && localTime(kept, zone) === time) return kept;
  return momentOf(on, time, zone);
}

/** Whether somebody has said how they feel, and if not well, what it is. */
export function missingIn({ context, feels, signs }: Entry): ('context' | 'feels' | 'signs')[] {
  const unwell = context === 'unwell' || feels === 'unwell';
  if (context === null) return feels === null ? ['context', 'feels'] : ['context'];
  if (!unwell) return feels === null ? ['feels'] : [];
  return signs.length === 0 ? ['signs'] : [];
}

/** The record, not decided yet. */
export function readingOf(
  entry: Entry & { context: Context },
  { id, at, zone, before }: { id: string; at: Date; zone: string; before?: Reading | undefined },
): Reading {
  const value = entry.value.trim();
  const unwell = entry.context === 'unwell' || entry.feels === 'unwell';
  const same = before?.value === value && before.unit === entry.unit;
  return {
    ...before,
    id,
    on: localDate(at, zone),
    recorded_at: at.toISOString(),
    value: entry.shown === 'number' ? value : null,
    unit: entry.unit,
    special: entry.shown === 'number' ? null : entry.shown,
    context: entry.context,
    ketones: before?.ketones ?? null,
    signs: unwell ? entry.signs : [],
    confirmed: entry.shown === 'number' && numberOf(value) !== null && same ? before.confirmed : false,
    note: entry.note.trim() || null,
    decision: null,
    ...(before?.source ? asItCame(before) : {}),
  };
}

/** What a device said is not the patient's to change. */
function asItCame({ on, recorded_at, value, unit, special, confirmed }: Reading) {
  return { on, recorded_at, value, unit, special, confirmed };
}
