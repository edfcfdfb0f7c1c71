/** Learn has a sentence for every key, a drawing for every technique and spot, and nothing twice. */
import { describe, expect, it } from 'vitest';
import profileGate from '$care/profile_gate.json';
import routes from '../routes.ts?raw';
import { findCare } from '../text/care';
import { evaluateProfile, ownTechniques } from './decisions';
import { isFor, readable, sceneStep, sources, spots, techniques, topics } from './learn';

describe.each(topics.map((topic) => [topic.id, topic] as const))('topic %s', (id, topic) => {
  it('has its words', () => {
    expect(findCare(`learn.${id}.title`)).toBeTruthy();
    expect(findCare(`learn.${id}.lead`)).toBeTruthy();
    for (const section of topic.sections) {
      expect(findCare(section.title), section.title).toBeTruthy();
      expect(section.list.length).toBeGreaterThan(0);
      for (const key of section.list) expect(findCare(key), key).toBeTruthy();
    }
    for (const key of topic.ask ? [topic.ask.question, ...topic.ask.answer] : []) {
      expect(findCare(key), key).toBeTruthy();
    }
  });

  it('has a button only to a screen that there is', () => {
    if (!topic.tool) return;
    expect(routes).toMatch(new RegExp(`^  '?${topic.tool.path}'?: \\(\\) => import`, 'm'));
    expect(findCare(topic.tool.title)).toBeTruthy();
  });

  it('leads on to other topics that there are', () => {
    for (const other of topic.see ?? []) expect(topics.map((one) => one.id)).toContain(other);
    expect(topic.see ?? []).not.toContain(id);
  });
});

/** What the clinic's text says of each topic, in the words and numbers that must not get lost. */
const said: Record<string, readonly string[]> = {
  foot_check: [
    ...[
      '2 minutes',
      'good light',
      'mirror',
      'helper',
      'top of each foot',
      'soles',
      'heels',
      'Between all the toes',
      'nails and their edges',
    ],
    ...['colour', 'swollen', 'forearm', 'skin thermometer', 'cracks', 'dark spots', 'socks', 'tingling', 'numbness'],
    ...['2.2 °C (4 °F)', 'same spot 2 days running', 'cut corns', 'acid plasters', 'pop blisters', 'soak your feet'],
    ...['lukewarm water', 'between the toes', 'tops and soles only', 'once a year', 'every 6 to 12 months'],
    ...['every 3 to 6 months', 'every 1 to 3 months', 'after an ulcer or an amputation'],
  ],
  shoes: [
    ...['shake', 'feel inside', 'torch', 'seam', 'nail', 'torn lining', 'half a thumb to 1 thumb', 'wide and deep'],
    ...['low heel', 'laces or straps', 'clean, dry', 'not tight', 'light colours', 'barefoot', 'thin slippers'],
    ...['indoors or out', 'late in the day', 'usual socks', '1 to 2 hours on day 1', '3 to 4 hours on day 2'],
    ...['after 15 minutes? Stop', 'leans or is worn', 'every 6 months', 'every 3 months'],
  ],
  heat: [
    'Heat and ice can injure feet that do not feel well. You may not notice a burn. We do not guide heat or cold for you. Ask your foot clinic if you want to try it.',
    ...['hot-water bottle', 'heating pad', 'electric blanket', 'microwave pack', 'heated massager', 'foot spa'],
    ...['heater or fire', 'ice, frozen bottle, gel pack', 'loose warm socks', 'warm room', 'blanket', 'cotton socks'],
    ...['cool room', 'cold floor', 'still burn? Call your clinic in the next 1–2 working days', '49 °C (120 °F)'],
    ...['37 °C (98.6 °F)', 'elbow', 'never with a foot or your fingers', '42%', 'about 1 in 3'],
  ],
  active: [
    ...['7,000', '2,000', '47%', '28%', '15%', 'no proof', 'no sore', '1,000 steps a day more', 'clinic says OK'],
    ...['5 minutes, 2 or 3 times', '1 or 2 minutes to each walk', '150 minutes a week, on 3 days', 'every 30 minutes'],
    ...['shoes', 'even ground', 'stick or hold a rail', 'sugar with you', 'look at your feet', 'A missed day is fine'],
    ...['70 mg/dL (3.9 mmol/L)? Do not start', '70 to 89 (3.9 to 4.9)', '15 to 30 g', '250 (13.9)', '350 (19.4)'],
    ...['4.0 mmol/L', 'moderate or large, or 1.5 mmol/L or more? Do not start'],
    ...['only a light walk', 'unwell? Do not start'],
  ],
  sugar: [
    ...['before meals, snacks, exercise and driving', 'bedtime', 'feel low', 'before you eat', 'ill', 'finger prick'],
    ...['80 to 130 mg/dL (4.4 to 7.2 mmol/L)', '180 mg/dL (10.0 mmol/L)', 'a different target', '3 days or more'],
    ...['70 mg/dL (3.9 mmol/L)', '4.0 mmol/L', '15 g', '3 to 4 glucose tablets', '1 tablespoon', 'Wait 15 minutes'],
    ...['3 rounds', '54 mg/dL (3.0 mmol/L)', 'nothing by mouth', 'glucagon', '240 mg/dL (13.3 mmol/L)', 'every 4 to 6'],
    ...['300 mg/dL (16.7 mmol/L)', 'about 1 hour', '600 mg/dL (33.3 mmol/L)', 'HI', '3.0 mmol/L', '1.6 to 2.9', '0.6'],
    ...['general education', 'Follow your own care plan first', 'smells of fruit', 'fast breathing', 'SGLT2'],
  ],
};

it.each(Object.entries(said))('topic %s says all that it must', (id, words) => {
  const topic = topics.find((one) => one.id === id);
  const keys = [`learn.${id}.lead`, ...(topic?.sections ?? []).flatMap(({ list }) => list)];
  const text = keys
    .map((key) => findCare(key))
    .join(' ')
    .toLowerCase();
  expect(words.filter((word) => !text.includes(word.toLowerCase()))).toEqual([]);
});

describe('who hid the sugar diary', () => {
  const words = (glucose_on: boolean | null | undefined) =>
    readable(topics, glucose_on).flatMap(({ sections }) => readable(sections, glucose_on).flatMap(({ list }) => list));

  it('reads no number of sugar in Learn, and who did not hide it reads them all', () => {
    const numbers = (keys: string[]) => keys.filter((key) => /mg\/dL|mmol\/L|ketones/.test(findCare(key) ?? ''));
    expect(numbers(words(false))).toEqual([]);
    expect(numbers(words(true)).length).toBeGreaterThan(10);
    expect(words(null)).toEqual(words(true));
    expect(words(undefined)).toEqual(words(true));
  });

  it('keeps each other topic', () => {
    const rest = topics.map(({ id }) => id).filter((id) => id !== 'sugar');
    expect(readable(topics, false).map(({ id }) => id)).toEqual(rest);
  });
});

it('each new topic asks, and what it asks about a wound ends with a call', () => {
  for (const id of Object.keys(said)) expect(topics.find((one) => one.id === id)?.ask, id).toBeDefined();
  for (const id of ['foot_check', 'active'])
    expect(findCare(`learn.${id}.answer.2`)).toMatch(/^Call your foot clinic or doctor today/);
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
  for (const { title, list } of sources) {
    expect(findCare(title), title).toBeTruthy();
    for (const { url, year } of list) {
      expect(new URL(url).protocol).toBe('https:');
      if (year !== undefined) expect(year).toBeGreaterThan(1990);
    }
  }
  const links = sources.flatMap(({ list }) => list.map(({ url }) => url));
  expect(new Set(links).size).toBe(links.length);
});
