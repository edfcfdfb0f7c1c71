/** Parts of the feet in the patient's words. */
import type { Area } from '../care/blocks';
import type { Region } from '../care/scripts';
import { t } from '../text';

export const regionName = (region: Region): string => t(region === 'top' ? 'areas.top_of_foot' : `areas.${region}`);

export function areaName(area: Area): string {
  const [foot, region] = area.split('.') as ['left' | 'right', Region];
  return t('areas.of', { region: regionName(region), foot: t(`areas.${foot}`) });
}

/** "Heel, Left foot · Big toe, Right foot"; what this app does not know is left out of the words. */
export function areaNames(areas: readonly string[], known: readonly Area[]): string {
  return known
    .filter((area) => areas.includes(area))
    .map(areaName)
    .join(' · ');
}
