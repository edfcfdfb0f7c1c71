/** The sentences with clinical meaning, from `server/care/text`. Only screens that need them load them. */
import careEn from '$care/text/en.json';
import { fill } from '.';

export type CareKey = keyof typeof careEn;

const sentences: Readonly<Record<string, string>> = careEn;

/** The clinical sentence of a key that is known when writing. */
export function care(key: CareKey, values: Record<string, string | number> = {}): string {
  return fill(careEn[key], values);
}

/** The same for a key put together at run time (`warning.${word}.title`); undefined when there is none. */
export function findCare(key: string, values: Record<string, string | number> = {}): string | undefined {
  const sentence = sentences[key];
  return sentence === undefined ? undefined : fill(sentence, values);
}
