/** Whom to call: the clinic's settings as this phone knows them, and the region's emergency numbers. */
import { emergencyNumbers } from '../care/region';
import { getApp } from '../context';
import { careSettings, keptCareSettings } from '../online/care-settings';
import { regionOf } from './from-phone';
import { patientPlace } from './patient';

type Settings = Awaited<ReturnType<typeof keptCareSettings>>;

/** Call while a component starts. First what the phone knows, at once; then what the server says now. */
export function liveClinic() {
  const { store, me } = getApp();
  const place = patientPlace();
  let clinic = $state.raw<Settings>(null);
  $effect(() => {
    void keptCareSettings(store).then(async (kept) => {
      clinic = kept;
      clinic = (await careSettings(store).catch(() => null)) ?? kept;
    });
  });
  return {
    get clinic() {
      return clinic;
    },
    get numbers() {
      return emergencyNumbers[me()?.record.region ?? regionOf(place.zone)];
    },
  };
}

export const tel = (phone: string): string => `tel:${phone.replace(/[^\d+*#]/g, '')}`;
