/** Reads a number of steps as people type it: 4210, 4,210, 4.210 or 4 210. */

const MOST = 200_000;

/** Null for anything that is not a number of steps from 0 to 200,000. */
export function readSteps(typed: string): number | null {
  const text = typed.trim();
  if (!/^(\d{1,6}|\d{1,3}([.,'’\s]\d{3})+)$/u.test(text)) return null;
  const steps = Number(text.replace(/\D/g, ''));
  return steps <= MOST ? steps : null;
}
