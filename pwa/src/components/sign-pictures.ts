/** Small pictures for the signs that only the help screen or the foot check asks about; drawn like those of the warnings. */
import { side, sole } from './warning-pictures';

export const signPictures: Readonly<Record<string, { line: string; mark: string }>> = {
  sudden_weakness: {
    line: 'M24 5c9 0 14 7 14 16 0 12-6 22-14 22S10 33 10 21C10 12 15 5 24 5zM17 20v.1',
    mark: 'M28 22c2-2 5-2 6 0M17 34c3 2 6 1 8 2s5 3 8 5',
  },
  sugar_emergency: {
    line: 'M18 5c6 8 10 14 10 20a10 10 0 0 1-20 0C8 19 12 13 18 5z',
    mark: 'M38 8v20M38 36v.1M13 26h10',
  },
  burn: { line: side, mark: 'M10 22c-4-4 0-7 0-11 3 2 6 6 5 9 2-1 2-2 2-3 3 4 1 8-2 9-2 1-4-1-5-4z' },
  colour_change: { line: sole, mark: 'M19 24c3 0 6-3 8-2M19 29c3 0 7-3 10-2M20 34c3 0 5-2 7-2M21 39c2 0 4-1 5-1' },
  new_weakness: { line: side, mark: 'M36 8c6 4 8 10 7 17M39 22l4 4 3-5' },
  one_sided_numbness: {
    line: 'M12 6v20c0 6-4 8-4 13 0 3 8 3 8 0 0-4 2-8 2-14V6M30 6v20c0 6 4 8 4 13 0 3-8 3-8 0',
    mark: 'M38 12v.1M42 17v.1M38 22v.1M42 27v.1M40 33v.1',
  },
  worse_numbness: { line: sole, mark: 'M20 24v.1M25 24v.1M22.500 29v.1M20 34v.1M25 34v.1M40 18v16M35 29l5 6 5-6' },
  strong_pain: { line: side, mark: 'M14 8l-5 8h6l-5 8M28 28l-3 5h5l-3 5' },
  new_pain: { line: side, mark: 'M14 8l-5 8h6l-5 8M32 8v8M28 12h8' },
  new_tingling: { line: sole, mark: 'M20 25v.1M26 25v.1M23 31v.1M38 10l-2 4 4 2-2 4M40 26l-2 4 4 2-2 4' },
  new_numbness: { line: sole, mark: 'M20 24v.1M25 24v.1M22.500 29v.1M20 34v.1M25 34v.1M38 20v10M33 25h10' },
  warmer: { line: side, mark: 'M6 26c-3-3 3-5 0-9M12 22c-3-3 3-5 0-9M18 18c-3-3 3-5 0-9' },
  sock_stain: {
    line: 'M16 4h14v18c0 4 2 6 6 9 4 3 5 8 2 11-3 2-7 2-11-1L18 34c-2-2-2-4-2-7zM16 10h14',
    mark: 'M28 30c2 3 3 4 3 6a3 3 0 0 1-6 0c0-2 1-3 3-6z',
  },
  hard_skin: { line: sole, mark: 'M19 40c1-3 6-3 8 0M18 24c2-2 7-2 9 0M19 27c2-1 5-1 7 0' },
  dry_skin: { line: sole, mark: 'M19 24l2 1M25 24l2-1M20 29l2 1M24 33l2-1M21 38l2 1' },
  unsure: { line: sole, mark: 'M35 12c0-5 9-5 9 1 0 4-4.500 4-4.500 8M39.500 27v.1' },
  cracks: { line: sole, mark: 'M19 40l3-3-1-3 3-3M26 41l-1-4 2-2' },
  ingrown_nail: {
    line: 'M14 44V18c0-8 4-14 10-14s10 6 10 14v26',
    mark: 'M18 22V14c0-4 3-6 6-6s6 2 6 6v8c0 3-2 4-4 4M33 28l-6-3',
  },
  shoe_rubbing: {
    line: 'M6 14v22h36c2 0 3-2 2-5-1-4-6-5-11-7-4-2-6-5-7-10M6 40h38',
    mark: 'M10 10c2-3 5-3 7-1M9 22c3-3 5 3 8 0M9 28c3-3 5 3 8 0',
  },
  foot_exam_overdue: { line: 'M8 10h32v32H8zM8 19h32M16 5v9M32 5v9', mark: 'M18 26l12 10M30 26 18 36' },
};
