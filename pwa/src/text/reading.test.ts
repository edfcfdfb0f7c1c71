/** All that a patient reads, app and clinic sentences as one: short, easy, and without a claim that nobody may make. */
import { describe, expect, it } from 'vitest';
import careEn from '$care/text/en.json';
import { gradeOf, sentencesOf, syllablesOf, wordsOf } from '../testing/reading';
import { screenKeys } from '../testing/screens';
import { en } from './en';

const mostWords = 15;
const highestGrade = 6;
/** A text of fewer words says too little to have a grade: "Reminders" alone would be a professor's. */
const fewestWords = 15;
/** Names, not sentences. */
const namesOnly = ['region'];

const catalogue = new Map<string, readonly string[]>(
  [...Object.entries(en), ...Object.entries(careEn)].map(([key, text]) => [
    key,
    typeof text === 'string' ? [text] : Object.values(text),
  ]),
);
const keys = [...catalogue.keys()];
const textsOf = (some: readonly string[]) => some.flatMap((key) => catalogue.get(key) ?? []);
const sentences = keys.flatMap((key) =>
  textsOf([key]).flatMap((text) => sentencesOf(text).map((sentence) => [key, sentence] as const)),
);

/** The keys under each beginning (`learn`, `learn.heat`, `learn.heat.never`), and each key on its own. */
function cards(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const key of keys) {
    const parts = key.split('.');
    for (const end of parts.keys()) {
      const card = parts.slice(0, end + 1).join('.');
      found.set(card, [...(found.get(card) ?? []), key]);
    }
  }
  return found;
}

/** What is too hard of the named groups of keys, with its grade. */
function tooHard(groups: Iterable<readonly [string, readonly string[]]>): string[] {
  return [...groups].flatMap(([name, group]) => {
    const texts = textsOf(group);
    const grade = gradeOf(texts);
    return texts.flatMap(wordsOf).length >= fewestWords && grade > highestGrade ? [`${name}: ${grade.toFixed(1)}`] : [];
  });
}

describe('the measure', () => {
  it.each([
    ['foot', 1],
    ['massage', 2],
    ['ankle', 2],
    ['gentle', 2],
    ['clinic', 2],
    ['rubbed', 1],
    ['{number}', 1],
    ['15', 1],
    ['neuropathy', 2],
  ])('counts the syllables of %s as they are spoken', (word, count) => {
    expect(syllablesOf(word)).toBe(count);
  });

  it('tells easy from hard', () => {
    expect(gradeOf(['The cat sat on the mat.'])).toBeLessThan(1);
    expect(
      gradeOf(['Peripheral circulation necessitates comprehensive multidisciplinary evaluation.']),
    ).toBeGreaterThan(20);
  });

  it('sees the end of a sentence behind a quotation mark, and none inside a number', () => {
    expect(sentencesOf('Ask: "Is it safe?" You can go to 37.5 °C. Yes')).toEqual([
      'Ask:',
      '"Is it safe?',
      'You can go to 37.5 °C.',
      'Yes',
    ]);
  });

  it('knows what stands on a screen: its own words, those of its parts and those of its tables', () => {
    const learn = screenKeys(keys).get('LearnTopic') ?? [];
    expect(learn).toEqual(expect.arrayContaining(['learn.pictures.hold', 'learn.word.spots', 'technique.spot.A']));
    expect(learn).not.toContain('reminders.title');
  });
});

it(`no sentence has more than ${mostWords} words`, () => {
  expect(sentences.filter(([, sentence]) => wordsOf(sentence).length > mostWords)).toEqual([]);
});

it(`each screen reads at grade ${highestGrade}`, () => {
  const screens = screenKeys(keys);
  expect(screens.size).toBeGreaterThan(40);
  expect(tooHard(screens)).toEqual([]);
});

it(`each card and each text of it reads at grade ${highestGrade}`, () => {
  expect(tooHard([...cards()].filter(([card]) => !namesOnly.includes(card)))).toEqual([]);
});

describe('claims', () => {
  const claims = new RegExp(
    [
      '\\b(treat(s|ed|ing)?|cur(es?|ed|ing)|heal(s|ed|ing)?|revers(es?|ed|ing)|repair(s|ed|ing)?)\\b',
      '\\b(reliev|eas)(es?|ed|ing) (\\w+ )?(pain|neuropathy)\\b',
      '\\b(stimulat(es?|ed|ing)|restor(es?|ed|ing)|detox\\w*|prevent(s|ed|ing)?|organs?)\\b',
      '\\b(improv|boost|increas)(es?|ed|s|ing)? (your |the )?(circulation|blood flow)',
      '\\blower(s|ed|ing)? (your |the )?(blood )?sugar',
      '\\bsafe for (everyone|everybody|all)\\b',
    ].join('|'),
    'i',
  );
  /** A denial counts only when it stands before what it denies, with no comma or the like between. */
  const denial = /\b(not|never|nobody|cannot)\b(?! only)[^,;:–—]*$/i;
  /** "It does not find, treat or watch disease": one denial for a list of three. */
  const denied = ['consent.disclaimer.text', 'welcome.is_not.disease'];
  /** No denial makes these right: they speak of what somebody has, or keep them from help. */
  const never =
    /\byour insulin\b|(?<!\b(if|when|while|until|unless|once) )\byou have (an?|the) |\bno need (to see|for) (a|your) (doctor|clinic|nurse)/i;
  /** Asking is not telling. */
  const asks = /\?/;

  function forbidden(sentence: string): boolean {
    const claim = claims.exec(sentence);
    const claimed = claim !== null && !denial.test(sentence.slice(0, claim.index));
    return claimed || (never.test(sentence) && !asks.test(sentence));
  }

  it.each([
    'Massage cures numb feet.',
    'It may restore the nerves.',
    'Rubbing improves your circulation.',
    'Walking lowers blood sugar.',
    'Foot care prevents ulcers, not only pain.',
    'This spot belongs to an organ.',
    'You have an infection.',
    'There is no need to see a doctor.',
    'Oil is safe for everyone.',
    'Take less of your insulin.',
    'It not only heals.',
    'Do not worry, rubbing cures pain.',
    'Massage relieves nerve pain.',
  ])('"%s" would be found', (sentence) => {
    expect(forbidden(sentence)).toBe(true);
  });

  it('a denial is none, nor is a condition', () => {
    expect(forbidden('Massage can add comfort; it is not a cure.')).toBe(false);
    expect(forbidden('A spot on the sole does not belong to an organ.')).toBe(false);
    expect(forbidden('Massage stops until you have a new OK.')).toBe(false);
  });

  it('no sentence makes one', () => {
    expect(sentences.filter(([key, sentence]) => !denied.includes(key) && forbidden(sentence))).toEqual([]);
  });
});

it.each([
  [
    'consent.disclaimer.text',
    'This app gives general self-care information. It does not find, treat or watch disease. It does not replace your care team. Massage can add comfort; it is not a cure. Stop if anything hurts. If you see a foot problem, call your clinic today. In an emergency call {number}.',
  ],
  ['ladder.emergency.say', 'Call {number} now. Do not drive yourself.'],
  [
    'ladder.same_day.say',
    'Call your foot clinic or doctor today. If closed, go to urgent care. Keep weight off the foot.',
  ],
  ['ladder.within_days.say', 'Call your clinic in the next 1–2 working days. Ask for a visit this week.'],
  ['line.palm_hold.left', 'Hold your left foot with both hands. Breathe out slowly.'],
  ['line.stroke', 'Slide your hands from toes to ankle. Light, like lotion.'],
  ['line.knead_heel', 'Small circles on the heel. Soft thumbs.'],
  ['line.look', 'Look at your skin. Same colour as before?'],
])('%s is as the clinic wrote it', (key, words) => {
  expect(textsOf([key])).toEqual([words]);
});

it('no number to call is written into a sentence', () => {
  expect(sentences.filter(([, sentence]) => /\b(911|999|111|112)\b/.test(sentence))).toEqual([]);
});

it('a notification holds no health value, and no kind that was not agreed to', () => {
  const closed = keys.filter((key) => key.startsWith('push.') && key in careEn && !key.includes('shown_kind'));
  expect(closed.length).toBeGreaterThan(10);
  expect(textsOf(closed).filter((text) => /massage|sugar|foot check|pain|numb/i.test(text))).toEqual([]);
  expect(textsOf(['massage', 'glucose', 'foot_check'].map((kind) => `push.${kind}.title`))).toEqual(
    Array(3).fill('Footwell: it is time'),
  );
});
