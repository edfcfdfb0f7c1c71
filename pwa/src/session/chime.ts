/** A short, soft chime made on the phone itself; silent where there is no Web Audio. */

/** A chime that comes later than this belongs to no step. */
const TOO_LATE_MS = 1500;

let audio: AudioContext | null = null;

/** Browsers let sound begin only in a tap: call this in the one that starts or goes on. */
export function readyChime(): void {
  try {
    audio ??= new AudioContext();
    if (audio.state !== 'running') void audio.resume().catch(() => undefined);
  } catch {
    // No sound here.
  }
}

/** Two soft partials, a fifth apart, gone after a second. The first of a session waits until the sound has begun. */
export function chime(): void {
  const context = audio;
  if (!context) return;
  if (context.state === 'running') strike(context);
  else {
    const asked = performance.now();
    const soon = () => performance.now() - asked < TOO_LATE_MS && strike(context);
    void context.resume().then(soon, () => undefined);
  }
}

function strike(context: AudioContext): void {
  try {
    ring(context, 587.33, 0.12, 1);
    ring(context, 880, 0.05, 0.7);
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

/** Beside the chime, never instead of it: numb hands may not feel it. */
export function buzz(): void {
  if ('vibrate' in navigator) navigator.vibrate(120);
}
