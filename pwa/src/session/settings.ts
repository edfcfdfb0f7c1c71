/** How a session sounds and runs: kept on this phone, since another phone has other voices and another loudness. */
import type { Store } from '../store/store';
import { SPEEDS, type Speed } from './pace';

export interface SessionSettings {
  voice: boolean;
  /** The `voiceURI` of one of the phone's own voices; null lets the app choose. */
  voice_name: string | null;
  rate: number;
  volume: number;
  chime: boolean;
  chime_volume: number;
  vibration: boolean;
  timer: boolean;
  speed: Speed;
  hands_free: boolean;
  /** The patient has been told that this phone does not read aloud. */
  told_no_voice: boolean;
}

export const RATES = [0.5, 0.75, 1, 1.25, 1.5] as const;
export const VOLUMES = [0.3, 0.6, 1] as const;

export const usualSettings: SessionSettings = {
  voice: true,
  voice_name: null,
  rate: 1,
  volume: 1,
  chime: true,
  chime_volume: 0.6,
  vibration: true,
  timer: true,
  speed: 1,
  hands_free: false,
  told_no_voice: false,
};

const NAME = 'session_settings';

/** What was kept; a member that is missing or makes no sense is as usual. */
export function readSettings(kept: unknown): SessionSettings {
  const known = typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {};
  const yes = (name: keyof SessionSettings) =>
    typeof known[name] === 'boolean' ? known[name] : usualSettings[name] === true;
  const oneOf = <N extends number>(name: keyof SessionSettings, allowed: readonly N[], usual: N) =>
    allowed.find((value) => value === known[name]) ?? usual;
  return {
    voice: yes('voice'),
    voice_name: typeof known.voice_name === 'string' ? known.voice_name : null,
    rate: oneOf('rate', RATES, 1),
    volume: oneOf('volume', VOLUMES, 1),
    chime: yes('chime'),
    chime_volume: oneOf('chime_volume', VOLUMES, 0.6),
    vibration: yes('vibration'),
    timer: yes('timer'),
    speed: oneOf('speed', SPEEDS, 1),
    hands_free: yes('hands_free'),
    told_no_voice: yes('told_no_voice'),
  };
}

export async function sessionSettings(store: Store): Promise<SessionSettings> {
  return readSettings(await store.meta(NAME));
}

export function keepSettings(store: Store, settings: SessionSettings): Promise<void> {
  return store.setMeta(NAME, settings);
}
