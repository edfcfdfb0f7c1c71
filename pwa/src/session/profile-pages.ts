/** The profile questions, a few to a page: those of one group together, the others two by two. */
import type { Input } from '../care/rules';

export interface Page {
  group: string | null;
  questions: readonly Input[];
}

const MOST = 4;

export function profilePages(inputs: readonly Input[]): Page[] {
  const pages: { group: string | null; questions: Input[] }[] = [];
  for (const input of inputs) {
    const group = input.group ?? null;
    const last = pages.at(-1);
    const room = group === null ? 2 : MOST;
    if (last && last.group === group && last.questions.length < room) last.questions.push(input);
    else pages.push({ group, questions: [input] });
  }
  return pages;
}

/** The first page with a question that has no answer; the last page when all are answered. */
export function firstOpenPage(pages: readonly Page[], answers: Readonly<Record<string, unknown>>): number {
  const open = pages.findIndex((page) => page.questions.some(({ name }) => answers[name] === undefined));
  return open === -1 ? pages.length - 1 : open;
}
