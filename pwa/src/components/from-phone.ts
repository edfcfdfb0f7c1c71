/** What the phone's time zone says about where the patient is: the region for emergency numbers, and the sugar unit. */
import type { Records } from '../store/store';

type Me = Records['me'];

export const REGIONS = ['US', 'GB', 'IE', 'EU', 'OTHER'] as const;
export const GLUCOSE_UNITS = ['mg/dL', 'mmol/L'] as const;

const UNITED_STATES =
  /^(US\/|America\/(New_York|Detroit|Chicago|Denver|Boise|Phoenix|Los_Angeles|Anchorage|Juneau|Sitka|Nome|Adak|Metlakatla|Yakutat|Menominee|Indiana\/|Indianapolis|Kentucky\/|Louisville|North_Dakota\/)|Pacific\/Honolulu)/;
const NOT_112 = /^Europe\/(Moscow|Minsk|Samara|Saratov|Volgograd|Kirov|Ulyanovsk|Astrakhan|Simferopol)$/;

/** Countries that measure sugar in mmol/L, by their zones. The rest of the world uses mg/dL. */
const MMOL =
  /^(Australia\/|Europe\/(London|Belfast|Jersey|Guernsey|Isle_of_Man|Dublin|Amsterdam|Stockholm|Helsinki|Copenhagen|Oslo|Prague|Bratislava|Budapest|Zurich|Ljubljana|Zagreb|Tallinn|Riga|Vilnius|Sofia|Moscow)$|Atlantic\/Reykjavik|Pacific\/Auckland|America\/(Toronto|Vancouver|Winnipeg|Edmonton|Halifax|St_Johns|Regina|Moncton)$|Africa\/Johannesburg|Asia\/(Shanghai|Hong_Kong|Singapore|Kuala_Lumpur)$)/;

export function regionOf(zone: string): Me['region'] {
  if (/^Europe\/(London|Belfast|Jersey|Guernsey|Isle_of_Man)$/.test(zone)) return 'GB';
  if (zone === 'Europe/Dublin') return 'IE';
  if (UNITED_STATES.test(zone)) return 'US';
  if (zone.startsWith('Europe/') && !NOT_112.test(zone)) return 'EU';
  return 'OTHER';
}

export function glucoseUnitOf(zone: string): Me['glucose_unit'] {
  return MMOL.test(zone) ? 'mmol/L' : 'mg/dL';
}

/** Every zone the phone knows, the given ones among them, for a list to choose from. */
export function zonesToChoose(...known: string[]): { value: string; label: string }[] {
  const all = new Set([...known, ...Intl.supportedValuesOf('timeZone')]);
  return [...all].sort().map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ').replaceAll('/', ' / ') }));
}
