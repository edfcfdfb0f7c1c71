/** What moves on the foot drawing, again and again, and rests where it is while the massage rests. */
import { untrack } from 'svelte';

export interface Round {
  what: SVGSVGElement;
  frames: Keyframe[];
  /** Seconds. */
  period: number;
}

/** Nothing moves for who wants little motion. Call it while a component is made. */
export function keepMoving(round: () => Round | null, moving: () => boolean): void {
  let animation: Animation | undefined;

  $effect(() => {
    const next = round();
    if (!next || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    animation = next.what.animate(next.frames, { duration: next.period * 1000, iterations: Number.POSITIVE_INFINITY });
    // A pause must not begin it anew: the effect below holds it where it is.
    if (!untrack(moving)) animation.pause();
    return () => animation?.cancel();
  });

  $effect(() => {
    if (moving()) animation?.play();
    else animation?.pause();
  });
}
