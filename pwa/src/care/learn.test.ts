/** Learn has a sentence for every key, a drawing for every technique and spot, and nothing twice. */
import { describe, expect, it } from 'vitest';
import profileGate from '$care/profile_gate.json';
import { findCare } from '../text/care';
import { evaluateProfile, ownTechniques } from './decisions';
import { isFor, sceneStep, sources, spots, techniques, topics } from './learn';

describe.each(topics.map((topic) => [topic.id, topic] as const))('topic %s', (id, topic) => {
  it('has its words', () => {
    expect(findCare(`learn.${id}.title`)).toBeTruthy();
    expect(findCare(`learn.${id}.lead`)).toBeTruthy();
    for (const section of topic.sections) {
      expect(findCare(section.title), section.title).toBeTruthy();
      expect(section.list.length).toBeGreaterThan(0);
      for (const key of section.list) expect(findCare(key), key).toBeTruthy();
    }
  });
});

describe.each(techniques.map((technique) => [technique.id, technique] as const))('technique %s', (_, technique) => {
  it('has its words and its drawing', () => {
    const { title, hands, direction, pressure, count, mistakes, skip_if } = technique;
    for (const key of [title, hands, direction, pressure, count, ...mistakes, ...skip_if]) {
      expect(findCare(key), key).toBeTruthy();
    }
    expect(mistakes.length).toBeGreaterThan(0);
    expect(skip_if.length).toBeGreaterThan(0);
    expect(sceneStep(technique.scene)?.pressure).toBe(technique.most_pressure);
  });

  it('is left out only by flags that the profile can raise', () => {
    const raised = profileGate.rows.flatMap(({ outcome }) => ('flags' in outcome ? (outcome.flags ?? []) : []));
    for (const flag of technique.left_out_by) expect(raised).toContain(flag);
  });
});

describe('what is for a person', () => {
  const calm = Object.fromEntries(
    profileGate.inputs.map(({ name, answers, strictest }) => [
      name,
      answers.find((answer) => answer !== strictest && !answer.startsWith('not_')) ?? '',
    ]),
  );
  const sheets = profileGate.inputs.flatMap(({ name, answers }) =>
    answers.flatMap((answer) => ['yes', 'no'].map((cleared) => ({ ...calm, [name]: answer, cleared }))),
  );

  it('says no to whatever a session of their own would leave out, and the same with a standard mode', () => {
    for (const sheet of sheets) {
      const outcome = evaluateProfile(sheet);
      if (!outcome.own) continue;
      const offered = ownTechniques(outcome, false);
      for (const technique of techniques) {
        if (offered.includes(technique.id)) expect(isFor(technique, outcome), JSON.stringify(sheet)).toBe(true);
        else if (outcome.mode === 'standard') expect(isFor(technique, outcome), JSON.stringify(sheet)).toBe(false);
      }
    }
  });

  it('is nothing before the clinic said OK, and flat palms at most after it', () => {
    const asked = { ...calm, poor_circulation: 'yes' };
    const names = (outcome: Parameters<typeof isFor>[1]) =>
      techniques.filter((one) => isFor(one, outcome)).map(({ id }) => id);
    expect(names(evaluateProfile(asked))).toEqual([]);
    expect(names(evaluateProfile({ ...asked, cleared: 'yes' }))).toEqual(['stroking']);
    expect(names(evaluateProfile(calm))).toEqual(techniques.map(({ id }) => id));
    expect(names(evaluateProfile({}))).toEqual([]);
    expect(names({})).toEqual([]);
  });
});

it('each spot is pressed where it says', () => {
  expect(spots.map(({ id }) => id)).toEqual(['A', 'B', 'C', 'D', 'E']);
  for (const { region, scene, text } of spots) {
    expect(sceneStep(scene)?.regions).toEqual([region]);
    expect(findCare(text)).toBeTruthy();
  }
});

it('the sources are links to pages of today', () => {
  for (const { url, year } of sources) {
    expect(new URL(url).protocol).toBe('https:');
    expect(year).toBeGreaterThan(1990);
  }
  expect(new Set(sources.map(({ url }) => url)).size).toBe(sources.length);
});
