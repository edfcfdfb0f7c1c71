/** Looks sentences up by key, in the language chosen at the start. English fills every gap. */

import type { en } from './en';
import { frame } from './en/frame';
import { today } from './en/today';

export type Plural = { one: string; other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Sentence = string | Plural;
export type TextKey = keyof typeof en;
export type Catalogue = Partial<Record<TextKey, Sentence>>;

/** `{n}` in a sentence asks for a value named `n`. */
type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Wanted<S> = S extends string ? Names<S> : S extends object ? Names<S[keyof S]> : never;
type Values<K extends TextKey> = { [Name in Wanted<(typeof en)[K]>]: string | number };
type Arguments<K extends TextKey> = [Wanted<(typeof en)[K]>] extends [never] ? [] : [values: Values<K>];

/** The languages there are. The server knows the same ones. */
export type Language = 'en';

/** All but English, each a file of the same keys, loaded only when chosen. */
const languages: Partial<Record<Language, () => Promise<Catalogue>>> = {};

/** What Today needs comes with the first load; the rest with the first other screen. */
let english: Catalogue = { ...frame, ...today };
let catalogue: Catalogue = {};
let plurals = new Intl.PluralRules('en');
let numbers = new Intl.NumberFormat('en');
let chosen: Language = 'en';
let place = 'en';

/** The language of the sentences. */
export const language = (): Language => chosen;

/** What dates and numbers are written for (`en-GB`): the phone's own variant of that language. */
export const locale = (): string => place;

/** Chooses the first of the wanted languages that there is; call before the first screen. */
export async function chooseLanguage(wanted: readonly string[]): Promise<void> {
  place = wanted.find((tag) => isKnown(base(tag))) ?? 'en';
  const code = base(place);
  chosen = isKnown(code) ? code : 'en';
  catalogue = (await languages[chosen]?.()) ?? {};
  plurals = new Intl.PluralRules(place);
  numbers = new Intl.NumberFormat(place);
}

/** The rest of the sentences: those of the way in, or all of them. A screen is shown only after its own are here. */
export async function loadSentences(which: 'account' | 'all'): Promise<void> {
  english = which === 'all' ? (await import('./en')).en : { ...english, ...(await import('./en/account')).account };
}

/** For a part of Today that says more than Today itself: it is shown once its sentences are here. */
export async function withAllSentences<T>(load: () => Promise<T>): Promise<T> {
  const [found] = await Promise.all([load(), loadSentences('all')]);
  return found;
}

const isKnown = (code: string): code is Language => code === 'en' || code in languages;
const base = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? tag;

/** The sentence of a key with its values filled in; a plural is chosen by the value `n`. */
export function t<K extends TextKey>(key: K, ...[values]: Arguments<K>): string {
  return fill(sentenceOf(key) ?? key, values ?? {});
}

/** The same for a key that is put together at run time; undefined when there is none. */
export function findText(key: string, values: Record<string, string | number> = {}): string | undefined {
  const sentence = Object.hasOwn(english, key) ? sentenceOf(key as TextKey) : undefined;
  return sentence === undefined ? undefined : fill(sentence, values);
}

const sentenceOf = (key: TextKey): Sentence | undefined => catalogue[key] ?? english[key];

/** Puts values into `{names}`; a plural is chosen by the value `n`. */
export function fill(sentence: Sentence, values: Record<string, string | number>): string {
  const chosenForm = typeof sentence === 'string' ? sentence : form(sentence, values.n);
  return chosenForm.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? number(value) : (value ?? `{${name}}`);
  });
}

function form(sentence: Plural, n: string | number | undefined): string {
  return sentence[plurals.select(typeof n === 'number' ? n : Number(n))] ?? sentence.other;
}

/** A number as people here write it: 4,210. */
export const number = (value: number): string => numbers.format(value);

/** A mean as people read it: 4.3. */
export const tenths = (value: number): string => numbers.format(Math.round(value * 10) / 10);
