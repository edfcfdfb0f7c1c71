/** The questions of a shoe check: those of each time, and those that stay the same while the pair does. */
import type { Answers } from '../care/rules';
import type { Records } from '../store/records';

export type ShoeAnswers = Record<string, string>;

export const eachTime: readonly string[] = [
  'felt_inside',
  'rough_inside',
  'socks',
  'red_marks',
  'new_shoes',
  'hours_worn',
];

export const ofTheShoes: readonly string[] = [
  'torn_lining',
  'worn_heel',
  'toe_room',
  'narrow_toes',
  'high_heel',
  'thin_sole',
  'fastening',
  'prescribed',
  'looked_over',
];

/** What is still to be answered. Without shoes there is nothing to ask about them. */
export function missing(answers: ShoeAnswers): string[] {
  if (answers.footwear === undefined) return ['footwear'];
  if (answers.footwear !== 'shoe') return [];
  const isNew = answers.new_shoes === 'day_1' || answers.new_shoes === 'day_2';
  return [...eachTime, ...ofTheShoes].filter((name) =>
    name === 'hours_worn' ? isNew && readHours(answers.hours_worn ?? '') === null : answers[name] === undefined,
  );
}

/** Hours of a day as they are typed, `1.5` or `1,5`; null when they are none. */
export function readHours(text: string): number | null {
  const trimmed = text.trim();
  if (!/^[0-9]{1,2}([.,][0-9]{1,2})?$/.test(trimmed)) return null;
  const hours = Number(trimmed.replace(',', '.'));
  return hours <= 24 ? hours : null;
}

export function hoursOf({ hours_worn, new_shoes }: ShoeAnswers): Answers {
  const isNew = new_shoes === 'day_1' || new_shoes === 'day_2';
  return { hours_worn: isNew ? readHours(hours_worn ?? '') : null };
}

export function answersFrom({ decision }: Pick<Records['shoe_check'], 'decision'>): ShoeAnswers {
  const given = Object.entries(decision.inputs).map(([name, value]) => [name, value == null ? '' : String(value)]);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

/** What belongs to the pair, when the last check has all of it. */
export function asBefore(check: Pick<Records['shoe_check'], 'decision'>): ShoeAnswers {
  const known = answersFrom(check);
  const kept = ofTheShoes.flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]] as const]));
  return kept.length === ofTheShoes.length ? { footwear: 'shoe', ...Object.fromEntries(kept) } : {};
}
