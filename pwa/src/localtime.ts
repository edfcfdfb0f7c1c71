/** Local days and times of the patient's zone. A day is a string like `2026-11-22`; a moment is a Date. */

const DAY_MS = 86_400_000;
const parts = new Map<string, Intl.DateTimeFormat>();

/** The zone of this phone. */
export function phoneZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The local day of a moment in a zone. */
export function localDate(at: Date, zone: string): string {
  const { year, month, day } = wallClock(at, zone);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
}

/** The local time of a moment, as `19:00`. */
export function localTime(at: Date, zone: string): string {
  const { hour, minute } = wallClock(at, zone);
  return `${pad(hour)}:${pad(minute)}`;
}

/**
 * The moment of a local time. One that a clock change skips is read with the offset before the gap (02:30 is 03:30);
 * one that comes twice is the first of the two (RFC 5545, and the server does the same).
 */
export function momentOf(on: string, time: string, zone: string): Date {
  const wall = Date.parse(`${on}T${time}:00Z`);
  const before = offsetAt(wall - DAY_MS, zone);
  const after = offsetAt(wall + DAY_MS, zone);
  const fits = [before, after].map((offset) => wall - offset).filter((at) => offsetAt(at, zone) === wall - at);
  return new Date(fits.length > 0 ? Math.min(...fits) : wall - before);
}

/** The moment at which a local day begins. */
export function startOfDay(on: string, zone: string): Date {
  return momentOf(on, '00:00', zone);
}

export function addDays(on: string, days: number): string {
  return new Date(Date.parse(`${on}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whether text from an address is a day of the calendar. */
export function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text;
}

/** Whole days from one day to another; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS;
}

/** ISO day of the week: 1 is Monday, 7 is Sunday. */
export function weekday(on: string): number {
  return new Date(`${on}T00:00:00Z`).getUTCDay() || 7;
}

/** Whether clocks of two zones show the same through the year ahead: one place may have two names. */
export function sameClock(one: string, other: string, now: Date): boolean {
  if (one === other) return true;
  const months = Array.from({ length: 12 }, (_, month) => now.getTime() + month * 30 * DAY_MS);
  return months.every((at) => offsetAt(at, one) === offsetAt(at, other));
}

/** A day in words, such as "Sunday, November 22". */
export function formatDay(
  on: string,
  language: string,
  style: Intl.DateTimeFormatOptions = { weekday: 'long', month: 'long', day: 'numeric' },
): string {
  return new Intl.DateTimeFormat(language, { ...style, timeZone: 'UTC' }).format(new Date(`${on}T12:00:00Z`));
}

/** A moment's time of day as the language writes it. */
export function formatTime(at: Date, zone: string, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit', timeZone: zone }).format(at);
}

/** A local time like `19:00` as the language writes it. */
export function formatLocalTime(time: string, language: string): string {
  return formatTime(new Date(`2000-01-01T${time}:00Z`), 'UTC', language);
}

/** The short or long name of an ISO day of the week. */
export function formatWeekday(day: number, language: string, style: 'long' | 'short' | 'narrow' = 'long'): string {
  return formatDay(`2024-01-0${day}`, language, { weekday: style });
}

interface WallClock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

function offsetAt(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = wallClock(new Date(at), zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

function wallClock(at: Date, zone: string): WallClock {
  let format = parts.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    parts.set(zone, format);
  }
  const found = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = found;
  return { year, month, day, hour, minute, second };
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
