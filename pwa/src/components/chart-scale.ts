/** The arithmetic of a chart: a round top, its lines, and where things stand. Pure. */

/** A round number at or above the largest value, in steps of 1, 2 or 5 times a power of ten. */
export function roundTop(largest: number): number {
  if (!(largest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const factor = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= largest) ?? 10;
  return factor * power;
}

/** The middle of column `at` of `count` in a width. */
export function middleOf(at: number, count: number, width: number): number {
  return ((at + 0.5) * width) / Math.max(1, count);
}

/** Which column a touch at `x` means. */
export function columnAt(x: number, count: number, width: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor((x / width) * count)));
}

/** An SVG path through the known values; a gap of more than a week is left open. A value on its own is a dot. */
export function linePath(
  values: readonly (number | null)[],
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  const runs: string[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  values.forEach((value, at) => {
    if (value === null) return;
    if (at - last > 7) runs.push([]);
    runs.at(-1)?.push(`${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
    last = at;
  });
  return runs.map((run) => `M${run.join('L')}${run.length === 1 ? 'h0' : ''}`).join('');
}
