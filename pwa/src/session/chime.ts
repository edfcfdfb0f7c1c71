/** A short, soft chime made on the phone itself; silent where there is no Web Audio. */

/** A chime that comes later than this belongs to no step. */
const TOO_LATE_MS = 1500;

let audio: AudioContext | null = null;
const interruptions = new Set<() => void>();

/** Browsers let sound begin only in a tap: call this in the one that starts or goes on. */
export function readyChime(): void {
  try {
    audio ??= newAudio();
    if (audio.state !== 'running') void audio.resume().catch(() => undefined);
  } catch {
    // No sound here.
  }
}

function newAudio(): AudioContext {
  const context = new AudioContext();
  // A phone call or another app takes the sound away. TypeScript does not know this state yet.
  context.onstatechange = () => {
    if ((context.state as string) === 'interrupted') for (const tell of interruptions) tell();
  };
  return context;
}

/** Tells when a phone call, say, took the sound away. Returns the way to stop. */
export function onInterruption(tell: () => void): () => void {
  interruptions.add(tell);
  return () => interruptions.delete(tell);
}

/** Two soft partials, a fifth apart, gone after a second. The first of a session waits until the sound has begun. */
export function chime(volume = 0.6): void {
  const context = audio;
  if (!context) return;
  if (context.state === 'running') strike(context, volume);
  else {
    const asked = performance.now();
    const soon = () => performance.now() - asked < TOO_LATE_MS && strike(context, volume);
    void context.resume().then(soon, () => undefined);
  }
}

function strike(context: AudioContext, volume: number): void {
  try {
    ring(context, 587.33, 0.2 * volume, 1);
    ring(context, 880, 0.08 * volume, 0.7);
  } catch {
    // No sound here.
  }
}

function ring(context: AudioContext, frequency: number, loudness: number, seconds: number): void {
  const now = context.currentTime;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, now);
  volume.gain.exponentialRampToValueAtTime(loudness, now + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, now + seconds);
  tone.connect(volume).connect(context.destination);
  tone.start(now);
  tone.stop(now + seconds);
}

export const canBuzz = (): boolean => 'vibrate' in navigator;

/** Beside the chime, never instead of it: numb hands may not feel it. */
export function buzz(): void {
  if (canBuzz()) navigator.vibrate(120);
}
