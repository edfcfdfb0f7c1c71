/** How a foot moves by itself, without a hand: as transforms around a point of the drawing. */

export type Sway = 'pump' | 'turn' | 'scrunch' | 'towel';

export interface SwayPath {
  /** Only what lies below this line moves; the leg above it stays. Null moves all. */
  below: number | null;
  /** The point that stays where it is. */
  origin: { x: number; y: number };
  frames: { at: number; transform: string }[];
}

/** Down and up at the ankle; below the line the two edges of the leg run almost straight, so the cut is not seen. */
const ankle = { below: 165, origin: { x: 245, y: 190 } };

export const sways: Record<Sway, SwayPath> = {
  pump: {
    ...ankle,
    frames: [
      { at: 0, transform: 'rotate(0deg)' },
      { at: 0.25, transform: 'rotate(9deg)' },
      { at: 0.5, transform: 'rotate(0deg)' },
      { at: 0.75, transform: 'rotate(-8deg)' },
      { at: 1, transform: 'rotate(0deg)' },
    ],
  },
  turn: {
    ...ankle,
    frames: [
      { at: 0, transform: 'rotate(7deg) scaleX(1)' },
      { at: 0.25, transform: 'rotate(0deg) scaleX(0.93)' },
      { at: 0.5, transform: 'rotate(-7deg) scaleX(1)' },
      { at: 0.75, transform: 'rotate(0deg) scaleX(1.04)' },
      { at: 1, transform: 'rotate(7deg) scaleX(1)' },
    ],
  },
  scrunch: {
    below: null,
    origin: { x: 158, y: 380 },
    frames: [
      { at: 0, transform: 'scale(1, 1)' },
      { at: 0.3, transform: 'scale(1.05, 1.01)' },
      { at: 0.5, transform: 'scale(1, 1)' },
      { at: 0.8, transform: 'scale(0.97, 0.93)' },
      { at: 1, transform: 'scale(1, 1)' },
    ],
  },
  towel: {
    below: null,
    origin: { x: 160, y: 300 },
    frames: [
      { at: 0, transform: 'translateX(-7%)' },
      { at: 0.5, transform: 'translateX(7%)' },
      { at: 1, transform: 'translateX(-7%)' },
    ],
  },
};
