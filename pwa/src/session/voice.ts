/** Reads lines aloud where the browser can. Where it cannot, the captions are enough: nothing here ever throws. */

export interface VoiceSettings {
  voice: boolean;
  voice_name: string | null;
  rate: number;
  volume: number;
}

/** How fast a line is read at the script's own speed: a little slower than the voice's own. */
const USUAL_RATE = 0.95;
/** Outside of these, voices are hard to follow or refuse. */
const SLOWEST = 0.5;
const FASTEST = 2;

let saying = '';
let broken = !('speechSynthesis' in globalThis);
const listeners = new Set<() => void>();

export const voice = {
  /** Says the line now, in place of what is being said. */
  say(line: string, language: string, settings: VoiceSettings, speed = 1): void {
    this.quiet();
    this.add(line, language, settings, speed);
  },

  /** Says the line after what is being said. */
  add(line: string, language: string, settings: VoiceSettings, speed = 1): void {
    if (!settings.voice || line === '') return;
    try {
      const utterance = new SpeechSynthesisUtterance(line);
      utterance.lang = language;
      utterance.rate = readingRate(settings.rate, speed);
      utterance.volume = settings.volume;
      const chosen = chosenVoice(speechSynthesis.getVoices(), language, settings.voice_name);
      if (chosen) utterance.voice = chosen;
      utterance.onstart = () => {
        saying = line;
      };
      utterance.onend = () => {
        saying = '';
      };
      utterance.onerror = ({ error }) => {
        saying = '';
        if (error !== 'canceled' && error !== 'interrupted') fail();
      };
      speechSynthesis.speak(utterance);
    } catch {
      fail();
    }
  },

  quiet(): void {
    saying = '';
    try {
      speechSynthesis.cancel();
    } catch {
      // No speech here.
    }
  },

  /** The sentence that is being said; empty when it is silent. */
  get saying(): string {
    return saying;
  },

  /** This phone does not read aloud, or could not a moment ago. */
  get broken(): boolean {
    return broken;
  },

  /** Tells when `broken` has changed. Returns the way to stop. */
  watch(changed: () => void): () => void {
    listeners.add(changed);
    return () => listeners.delete(changed);
  },
};

function fail(): void {
  if (broken) return;
  broken = true;
  for (const changed of listeners) changed();
}

export function readingRate(rate: number, speed: number): number {
  return Math.min(FASTEST, Math.max(SLOWEST, USUAL_RATE * rate * speed));
}

type VoiceFacts = Pick<SpeechSynthesisVoice, 'lang' | 'localService' | 'default'>;

/** The phone's voices that speak the language, those that work offline first. Some browsers know them only later. */
export function voicesOf(language: string): SpeechSynthesisVoice[] {
  try {
    const usable = speechSynthesis.getVoices().filter((one) => rankOf(one, language) >= 0);
    return usable.sort((a, b) => rankOf(b, language) - rankOf(a, language));
  } catch {
    return [];
  }
}

/** Tells when the list of voices has changed. Returns the way to stop. */
export function watchVoices(changed: () => void): () => void {
  try {
    speechSynthesis.addEventListener('voiceschanged', changed);
    return () => speechSynthesis.removeEventListener('voiceschanged', changed);
  } catch {
    return () => undefined;
  }
}

/** The patient's own choice while the phone still has it. */
export function chosenVoice<V extends VoiceFacts & { voiceURI: string }>(
  voices: readonly V[],
  language: string,
  name: string | null,
): V | null {
  return voices.find((one) => one.voiceURI === name) ?? bestVoice(voices, language);
}

/** A voice of the language that works offline; the exact variant (`en-GB`) before its siblings, the phone's own choice first. */
export function bestVoice<V extends VoiceFacts>(voices: readonly V[], language: string): V | null {
  const usable = voices.filter((one) => rankOf(one, language) >= 0);
  return usable.reduce<V | null>(
    (best, one) => (best === null || rankOf(one, language) > rankOf(best, language) ? one : best),
    null,
  );
}

/** Below zero: another language. */
function rankOf(one: VoiceFacts, language: string): number {
  const wanted = language.toLowerCase();
  const tag = one.lang.toLowerCase().replace('_', '-');
  if (tag.split('-')[0] !== wanted.split('-')[0]) return -1;
  return (one.localService ? 4 : 0) + (tag === wanted ? 2 : 0) + (one.default ? 1 : 0);
}
