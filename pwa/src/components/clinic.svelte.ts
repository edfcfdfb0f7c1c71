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
  let ready = $state(false);
  $effect(() => {
    void keptCareSettings(store).then(async (kept) => {
      clinic = kept;
      ready = kept !== null;
      clinic = (await careSettings(store).catch(() => null)) ?? kept;
      ready = true;
    });
  });
  return {
    get clinic() {
      return clinic;
    },
    /** Whether "no clinic" is known, and not only not read yet. */
    get ready() {
      return ready;
    },
    get numbers() {
      return emergencyNumbers[me()?.record.region ?? regionOf(place.zone)];
    },
  };
}

export const tel = (phone: string): string => `tel:${phone.replace(/[^\d+*#]/g, '')}`;
