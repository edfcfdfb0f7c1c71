/** Findings of a foot check in the patient's words. */
import { type Area, allAreas } from '../care/blocks';
import type { Warm } from '../care/feet';
import { areaName } from '../components/area-names';
import { t } from '../text';
import { findCare } from '../text/care';
import type { Finding } from './check';

const isArea = (area: string): area is Area => allAreas.some((known) => known === area);

export function findingArea(area: string): string {
  if (isArea(area)) return areaName(area);
  return area === 'left.whole' || area === 'right.whole'
    ? t('feet.area.whole', { foot: t(area === 'left.whole' ? 'feet.left' : 'feet.right') })
    : area;
}

export const footSignTitle = (sign: string): string => findCare(`foot.sign.${sign}.title`) ?? sign;

export const findingWords = ({ area, sign }: Finding): string =>
  t('feet.finding', { area: findingArea(area), sign: footSignTitle(sign) });

export const warmWords = ({ spot, foot }: Warm): string =>
  t('feet.warm', {
    spot: findCare(`foot.spot.${spot}`) ?? spot,
    foot: t(foot === 'left' ? 'feet.left' : 'feet.right'),
  });
