import { beforeEach, expect, it } from 'vitest';
import careEn from '$care/text/en.json';
import { unnamed } from '../testing/screens';
import { chooseLanguage, findText, language, loadSentences, locale, t } from '.';
import { care, findCare } from './care';
import { en } from './en';
import { account } from './en/account';
import { comfort } from './en/comfort';
import { devices } from './en/devices';
import { feet } from './en/feet';
import { frame } from './en/frame';
import { gates } from './en/gates';
import { glucose } from './en/glucose';
import { goal } from './en/goal';
import { help } from './en/help';
import { log } from './en/log';
import { plan } from './en/plan';
import { progress } from './en/progress';
import { reminders } from './en/reminders';
import { remindersMine } from './en/reminders-mine';
import { session } from './en/session';
import { settings } from './en/settings';
import { sound } from './en/sound';
import { stepDay } from './en/step-day';
import { today } from './en/today';
import { ways } from './en/ways';
import { wearable } from './en/wearable';
import { weeks } from './en/weeks';

beforeEach(async () => {
  await chooseLanguage(['en-US']);
  await loadSentences('all');
});

it('values are filled in, numbers as people here write them', () => {
  expect(t('today.next.session.plain', { time: '7:00 PM' })).toBe('A massage, planned for 7:00 PM.');
  expect(t('progress.steps.value', { n: 4210 })).toBe('4,210 steps');
});

it('a plural follows its number', () => {
  expect(t('entry.steps_n', { n: 1 })).toBe('1 step');
  expect(t('entry.steps_n', { n: 2 })).toBe('2 steps');
});

it('an unknown key is no sentence, and no member of Object either', () => {
  expect(findText('refused.kind.something_new')).toBeUndefined();
  expect(findText('toString')).toBeUndefined();
  expect(findCare('warning.something_new.title')).toBeUndefined();
});

it('a clinical sentence takes its values too', () => {
  expect(care('ladder.emergency.button', { number: '112' })).toBe('Call 112');
});

it("the phone's own English is kept, another language becomes English", async () => {
  await chooseLanguage(['en-GB']);
  expect([language(), locale()]).toEqual(['en', 'en-GB']);
  await chooseLanguage(['xx-YY']);
  expect([language(), locale()]).toEqual(['en', 'en']);
});

it('no key stands in two files', () => {
  const parts = [
    frame,
    account,
    today,
    session,
    gates,
    log,
    progress,
    reminders,
    remindersMine,
    devices,
    wearable,
    stepDay,
    settings,
    sound,
    help,
    plan,
    glucose,
    goal,
    weeks,
    comfort,
    feet,
    ways,
  ];
  const keys = parts.flatMap((part) => Object.keys(part));
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  expect(keys.filter((key) => key in careEn)).toEqual([]);
});

it('every sentence is named by some file, but those of pages and mails that the server writes and the line that a helper hears', () => {
  const left = unnamed([...Object.keys(en), ...Object.keys(careEn), 'said.by.nobody']);
  expect(left.filter((key) => !/^(line\..+\.helper|consent_page\..+|mail\..+)$/.test(key))).toEqual(['said.by.nobody']);
});
