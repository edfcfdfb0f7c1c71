/** What many screens need of the patient: their zone, and moments in their words. */
import { getApp } from '../context';
import { formatDay, formatLocalTime, formatTime, localDate, phoneZone } from '../localtime';
import { locale } from '../text';

export interface Place {
  readonly zone: string;
  /** The local day of a moment. */
  day(at: Date): string;
  /** "7:05 PM", of an instant. */
  time(at: string): string;
  /** "Sunday, November 22, 7:05 PM", of an instant. */
  moment(at: string): string;
  /** "7:05 PM" where the instant is of that day, else "Sun, Nov 22, 7:05 PM". */
  seenFrom(on: string, at: string): string;
}

/** Call while a component starts. */
export function patientPlace(): Place {
  const app = getApp();
  const zone = () => app.me()?.record.time_zone ?? phoneZone();
  const dayOf = (at: string) => localDate(new Date(at), zone());
  const time = (at: string) => formatTime(new Date(at), zone(), locale());
  return {
    get zone() {
      return zone();
    },
    day: (at) => localDate(at, zone()),
    time,
    moment: (at) => `${longDay(dayOf(at))}, ${time(at)}`,
    seenFrom: (on, at) => (dayOf(at) === on ? time(at) : `${shortDay(dayOf(at))}, ${time(at)}`),
  };
}

/** "Sunday, November 22". */
export const longDay = (on: string): string => formatDay(on, locale());

/** "November 22, 2026": for days that may lie in another year. */
export const fullDay = (on: string): string =>
  formatDay(on, locale(), { year: 'numeric', month: 'long', day: 'numeric' });

/** "Sun, Nov 22". */
export const shortDay = (on: string): string =>
  formatDay(on, locale(), { weekday: 'short', month: 'short', day: 'numeric' });

/** "Sunday". */
export const weekdayOf = (on: string): string => formatDay(on, locale(), { weekday: 'long' });

/** A local time like `19:00` as people here write it. */
export const clock = (time: string): string => formatLocalTime(time, locale());
