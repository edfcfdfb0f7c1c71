/** How hard a text is to read: its sentences, their words, and the school grade that needs it. */

/** Words that no other word can stand for. Each counts as an easy one, of two syllables. */
const unavoidable = new Set([
  ...['neuropathy', 'diabetes', 'amputation', 'medicine', 'insulin', 'sulfonylurea', 'ketones'],
  ...['emergency', 'thermometer', 'microwave'],
]);

/** The sentences of a text; a heading or the words of a button are one as well. */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?:…])["”]?\s+/).filter((part) => /[\p{L}\p{N}]/u.test(part));
}

export function wordsOf(sentence: string): string[] {
  return sentence.match(/[A-Za-z0-9{}°%/.,'’_-]*[A-Za-z0-9][A-Za-z0-9{}°%/'’_-]*/g) ?? [];
}

/** Groups of vowels, without an e that is not spoken. A number, or a name in braces, is one. */
export function syllablesOf(word: string): number {
  const letters = word.toLowerCase().replace(/[^a-z]/g, '');
  if (!letters || word.includes('{')) return 1;
  if (unavoidable.has(letters)) return 2;
  let groups = letters.match(/[aeiouy]+/g)?.length ?? 0;
  if (/e$/.test(letters) && !/(le|ee)$/.test(letters) && groups > 1) groups -= 1;
  if (/[^aeioutd]ed$/.test(letters) && groups > 1) groups -= 1;
  return Math.max(groups, 1);
}

/** Flesch-Kincaid: 0.39 words a sentence + 11.8 syllables a word - 15.59. */
export function gradeOf(texts: readonly string[]): number {
  const sentences = texts.flatMap(sentencesOf);
  const words = sentences.flatMap(wordsOf);
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word), 0);
  return (0.39 * words.length) / sentences.length + (11.8 * syllables) / words.length - 15.59;
}
