/** Small pictures for the warnings, on a 48 × 48 grid: `line` in ink, `mark` in the colour of the warning. */

interface Picture {
  line: string;
  mark: string;
}

/** A small sole with five toes, used by most pictures. */
export const sole =
  'M17 20c-3 3-3 8-1 12 1 3 1 5 1 8 0 4 3 6 6 6s6-2 6-6c0-4 0-6 2-9 2-4 3-8 1-11-3-5-12-5-15 0zM30 12.500a2.500 3.500 0 1 1 .1 0zM24 11a2 2.600 0 1 1 .1 0zM19 11.800a1.800 2.300 0 1 1 .1 0zM15 14a1.600 2 0 1 1 .1 0z';
/** A foot from the side, with its leg. */
export const side = 'M26 3v16c0 5-3 7-8 9-6 2-12 4-12 8 0 3 2 4 6 4h22c5 0 7-2 6-7-1-4-3-7-3-12V3';

export const warningPictures: Readonly<Record<string, Picture>> = {
  open_sore: { line: sole, mark: 'M20 24c2-2 6-2 8 0 1 2 1 5-1 6-3 2-6 1-7-1-1-1-1-4 0-5zM23 26.500h2' },
  red_hot_swollen: { line: side, mark: 'M7 20c-2-2 2-4 0-6M13 18c-2-2 2-4 0-6M16 34c3-3 8-4 13-3M15 37.500h12' },
  pus_or_smell: {
    line: side,
    mark: 'M18 31c2 3 3 4 3 6a3 3 0 0 1-6 0c0-2 1-3 3-6zM7 24c-3-3 2-5 0-8M14 20c-3-3 2-5 0-8',
  },
  redness: { line: sole, mark: 'M20 24h8M19 28h9M20 32h7' },
  fever_or_very_ill: {
    line: 'M19 9a5 5 0 0 1 10 0v18a9 9 0 1 1-10 0z',
    mark: 'M24 14v19M24 32a3 3 0 1 1-.1 0M35 10h6M35 17h4M35 24h6',
  },
  cold_or_discoloured: { line: side, mark: 'M12 4v16M5 8l14 8M19 8 5 16M9 36h12M15 32.500h8' },
  one_calf_swollen: {
    line: 'M12 3c0 8-5 12-4 20 1 7 4 12 4 21M22 3c0 10 1 22-2 41',
    mark: 'M29 3c0 7-3 11-2 19 1 8 3 13 3 22M39 3c0 6 6 12 6 20 0 9-6 13-6 21M34 16v12',
  },
  injury_or_new_shape: { line: sole, mark: 'M38 20l-7 8h6l-6 8M19 23l8 8M27 23l-8 8' },
  rest_pain: {
    line: 'M4 42h40M6 42V24M44 42V32H6M12 32c0-5 8-5 8 0',
    mark: 'M38 4a9 9 0 1 0 6 15 8 8 0 0 1-6-15zM26 26h8',
  },
  skin_problem: { line: sole, mark: 'M20 23v.1M24 26v.1M28 23v.1M21 30v.1M26 31v.1M23 39v.1M20.500 35v.1' },
  low_sugar: {
    line: 'M20 5c7 9 11 15 11 22a11 11 0 0 1-22 0C9 20 13 14 20 5z',
    mark: 'M39 14v22M33 30l6 7 6-7M15 28h10',
  },
  drunk_or_sleepy: {
    line: 'M8 8h18l-2 14a7 7 0 0 1-14 0zM17 29v12M10 42h14',
    mark: 'M9 15h16M32 10h10L32 22h10M31 30h7l-7 8h7',
  },
  might_faint: {
    line: 'M24 15a14 14 0 1 1-.1 0zM17 25l4 4M21 25l-4 4M27 25l4 4M31 25l-4 4M17 37c2-3 4-3 7 0s5 3 7 0',
    mark: 'M9 14c-4-3 0-8 4-5 3 3-2 6-3 3M39 14c4-3 0-8-4-5-3 3 2 6 3 3M24 4v5',
  },
};
