/** What a region's patients call in an emergency, and the versions of what they accept at sign-up. */
import consentsJson from '$care/consents.json';
import numbersJson from '$care/emergency_numbers.json';

export type RegionCode = 'US' | 'GB' | 'IE' | 'EU' | 'OTHER';

export interface EmergencyNumbers {
  readonly emergency: string;
  readonly advice: string | null;
  /** Key of the sentence. */
  readonly say: string;
}

export const emergencyNumbers: Readonly<Record<RegionCode, EmergencyNumbers>> = numbersJson;

export interface Consent {
  readonly version: string;
  readonly text: string;
}

export const consents: Readonly<Record<'disclaimer' | 'adult' | 'health_data', Consent>> = consentsJson;

/** Whether a text is a newer one than the patient agreed to. A version is a day. */
export function hasNewerText(
  kind: keyof typeof consents,
  accepted: Readonly<Record<string, { version?: string }>>,
): boolean {
  const had = accepted[kind]?.version;
  return had !== undefined && had < consents[kind].version;
}
