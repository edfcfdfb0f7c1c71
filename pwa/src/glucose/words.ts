/** A reading in words: as it was typed, and about what it is in the other unit. */
import { okFrom } from '../care/glucose';
import { findText, number, t } from '../text';
import { care, findCare } from '../text/care';
import { inOtherUnit, numberOf, type Reading } from './readings';

type Shown = Pick<Reading, 'value' | 'unit' | 'special'>;

export function readingWords({ value, unit, special }: Shown): string {
  return special !== null ? t('glucose.meter_says', { special }) : t('glucose.reading', { value: value ?? '', unit });
}

/** Null where the meter gave no number. */
export function otherUnitWords({ value, unit }: Shown): string | null {
  const typed = numberOf(value);
  if (typed === null) return null;
  const other = inOtherUnit(typed, unit);
  return t('glucose.in_other_unit', { value: plain(other.value, other.unit), unit: other.unit });
}

/** Where a reading came from by itself; null for one that was typed. */
export function cameFrom({ source }: Pick<Reading, 'source'>): string | null {
  const app = source?.split('/').at(-1); // a phone's is `phone/6d7a2c1e/hc_webhook`
  return app ? (findText(`glucose.from.${app}`) ?? t('glucose.from.device')) : null;
}

export function ketoneWords(ketones: Reading['ketones']): string | null {
  if (ketones === null) return null;
  if (ketones.blood !== null) return t('glucose.ketones.blood', { value: ketones.blood });
  return t('glucose.ketones.strip', { word: findCare(`glucose.ketones.strip.${ketones.strip}`) ?? '' });
}

/** What the sentences of the advice are filled with. */
export function adviceValues({ unit }: Shown, region: string, emergency: string): Record<string, string> {
  return { ok: t('glucose.reading', { value: plain(okFrom(unit, region), unit), unit }), number: emergency };
}

/** 4 mmol/L is written 4.0. */
const plain = (value: number, unit: Reading['unit']): string => {
  if (unit === 'mg/dL') return number(value);
  return Number.isInteger(value) ? `${number(value)}${number(0.5).charAt(1)}0` : number(value);
};

export const labelWords = (label: string): string => findCare(`glucose.label.${label}`) ?? care('glucose.label.logged');
