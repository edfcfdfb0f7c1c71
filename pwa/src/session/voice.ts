/** Reads lines aloud where the browser can. Where it cannot, the captions are enough: nothing here ever throws. */

export interface Voice {
  say(line: string, language: string): void;
  quiet(): void;
}

export const voice: Voice = {
  say(line, language) {
    try {
      speechSynthesis.cancel();
      const utterance = new SpeechSynthesisUtterance(line);
      utterance.lang = language;
      utterance.rate = 0.95;
      const chosen = bestVoice(speechSynthesis.getVoices(), language);
      if (chosen) utterance.voice = chosen;
      speechSynthesis.speak(utterance);
    } catch {
      // No speech here.
    }
  },
  quiet() {
    try {
      speechSynthesis.cancel();
    } catch {
      // No speech here.
    }
  },
};

type VoiceFacts = Pick<SpeechSynthesisVoice, 'lang' | 'localService' | 'default'>;

/** A voice of the language that works offline; the exact variant (`en-GB`) before its siblings, the phone's own choice first. */
export function bestVoice<V extends VoiceFacts>(voices: readonly V[], language: string): V | null {
  const wanted = language.toLowerCase();
  const base = wanted.split('-')[0] ?? wanted;
  const rank = (one: V): number => {
    const tag = one.lang.toLowerCase().replace('_', '-');
    if (tag.split('-')[0] !== base) return -1;
    return (one.localService ? 4 : 0) + (tag === wanted ? 2 : 0) + (one.default ? 1 : 0);
  };
  const usable = voices.filter((one) => rank(one) >= 0);
  return usable.reduce<V | null>((best, one) => (best === null || rank(one) > rank(best) ? one : best), null);
}
