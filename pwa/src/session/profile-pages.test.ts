/** The profile questions in small portions. */
import { expect, it } from 'vitest';
import { profileGate } from '../care/tables';
import { firstOpenPage, profilePages } from './profile-pages';

const pages = profilePages(profileGate.inputs);

it('asks every question once, in order, never more than four at a time', () => {
  expect(pages.flatMap(({ questions }) => questions.map(({ name }) => name))).toEqual(
    profileGate.inputs.map(({ name }) => name),
  );
  for (const { questions } of pages) expect(questions.length).toBeLessThanOrEqual(4);
});

it('never mixes the questions of two groups', () => {
  for (const { group, questions } of pages) for (const input of questions) expect(input.group ?? null).toBe(group);
});

it('goes on at the first page with an open question', () => {
  const first = Object.fromEntries(pages[0]?.questions.map(({ name }) => [name, 'no']) ?? []);
  expect(firstOpenPage(pages, {})).toBe(0);
  expect(firstOpenPage(pages, first)).toBe(1);
  expect(firstOpenPage(pages, Object.fromEntries(profileGate.inputs.map(({ name }) => [name, 'no'])))).toBe(
    pages.length - 1,
  );
});
