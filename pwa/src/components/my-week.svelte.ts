/** The patient's last seven days in the diary beside the week to compare with, following every change of the records. */
import { evaluateSymptoms, type SymptomsOutcome } from '../care/symptoms';
import { baseline, changeInputs, thisWeek, WEEK_DAYS, type Week, weekOf } from '../diary/weeks';
import { addDays } from '../localtime';
import { type Live, liveRead } from '../store/live.svelte';
import type { Store } from '../store/store';

export interface MyWeek {
  /** Days with a note. */
  readonly noted: number;
  /** Null with too few of them. */
  readonly week: Week | null;
  readonly base: Week | null;
  readonly said: SymptomsOutcome | null;
}

const nothing: MyWeek = { noted: 0, week: null, base: null, said: null };

/** Call while a component starts. */
export function liveWeek(today: () => string): Live<MyWeek> {
  return liveRead(['symptom_entry', 'session_log'], nothing, (store) => read(store, today()));
}

async function read(store: Store, today: string): Promise<MyWeek> {
  const from = addDays(today, 1 - WEEK_DAYS);
  const notes = await notesOf(store, from, today);
  const week = thisWeek(notes, today);
  if (!week) return { ...nothing, noted: notes.length };
  const base = await findBaseline(store, today);
  return { noted: notes.length, week, base, said: evaluateSymptoms(changeInputs(week, base)) };
}

/** The week of the first massage is read alone; only where it says too little, the whole diary. */
async function findBaseline(store: Store, today: string): Promise<Week | null> {
  const start = (await store.oldest('session_log'))?.record.on ?? null;
  const first = start === null ? null : weekOf(await notesOf(store, start, addDays(start, WEEK_DAYS - 1)), start);
  return first ?? baseline(await notesOf(store, '', today), start);
}

async function notesOf(store: Store, from: string, to: string) {
  return (await store.list('symptom_entry', { from, to })).map(({ record }) => record);
}
