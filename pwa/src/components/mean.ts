/** Averages, and from how many days one is worth showing. */

/** Fewer days than this make no average (brief §11: a weekly mean needs four). */
export const enoughDays = 4;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
