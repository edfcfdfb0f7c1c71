/** The ways a hand moves on the foot drawing, as points with a share of the period each. */

export type HandPathName =
  | 'stroke'
  | 'palm_circle'
  | 'squeeze'
  | 'circle_heel'
  | 'circle_edge'
  | 'circle_arch'
  | 'circle_ball'
  | 'roll_toe_1'
  | 'roll_toe_2'
  | 'roll_toe_3'
  | 'roll_toe_4'
  | 'roll_toe_5'
  | 'slide'
  | 'bend_up'
  | 'bend_down'
  | 'ankle_circle'
  | 'hold_top'
  | 'press_ball'
  | 'press_arch'
  | 'press_heel'
  | 'press_toe_1'
  | 'press_top';

export interface Hand {
  path: HandPathName;
  /** Seconds of one round. */
  period: number;
}

export type Pose = 'palm' | 'thumb';

export interface HandPoint {
  x: number;
  y: number;
  /** When in the round, from 0 to 1. */
  at: number;
  /** 1 = on the skin, a little more = lifted. */
  size: number;
}

export interface HandPath {
  pose: Pose;
  /** Degrees the hand is turned. */
  turn: number;
  points: HandPoint[];
  /** The way that is drawn on the foot, without the return through the air. */
  guide: string;
}

function circle(x: number, y: number, radius: number, pose: Pose, turn = 0): HandPath {
  const count = 24;
  const points = Array.from({ length: count + 1 }, (_, index) => {
    const angle = (index / count) * 2 * Math.PI - Math.PI / 2;
    return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle), at: index / count, size: 1 };
  });
  return { pose, turn, points, guide: line(points) };
}

/** Along the lower half of a circle and back. */
function arc(x: number, y: number, radius: number, pose: Pose, turn = 0): HandPath {
  const count = 12;
  const there = Array.from({ length: count + 1 }, (_, index) => {
    const angle = (index / count) * Math.PI * 0.9 + Math.PI * 0.05;
    return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle), at: index / count / 2, size: 1 };
  });
  const back = there.map((point) => ({ ...point, at: 1 - point.at })).reverse();
  return { pose, turn, points: [...there, ...back.slice(1)], guide: line(there) };
}

/** Wraps the toes, presses softly and lets go. */
function squeeze(x: number, y: number): HandPath {
  const sizes: [number, number][] = [
    [0, 1.06],
    [0.35, 0.9],
    [0.6, 0.9],
    [1, 1.06],
  ];
  return { pose: 'palm', turn: 90, points: sizes.map(([at, size]) => ({ x, y, at, size })), guide: '' };
}

/** There on the skin, back lifted and faster. */
function glide(way: [number, number][], pose: Pose, turn = 0): HandPath {
  const there = way.map(([x, y], index) => ({ x, y, at: (index / (way.length - 1)) * 0.62, size: 1 }));
  const back = way
    .map(([x, y], index) => ({ x, y, at: 0.7 + (1 - index / (way.length - 1)) * 0.26, size: 1.07 }))
    .reverse();
  const first = there[0] ?? { x: 0, y: 0, at: 0, size: 1 };
  return { pose, turn, points: [...there, ...back, { ...first, at: 1 }], guide: line(there) };
}

/** Goes there slowly, holds, and comes back at the end; the guide runs beside it, where the toes go. */
function bend(way: [number, number][], turn: number, guide: string): HandPath {
  const last = way.length - 1;
  const there = way.map(([x, y], index) => ({ x, y, at: (index / last) * 0.25, size: 1 }));
  const back = way.map(([x, y], index) => ({ x, y, at: 0.85 + (1 - index / last) * 0.15, size: 1 })).reverse();
  return { pose: 'thumb', turn, points: [...there, ...back], guide };
}

/** Stays where it is and breathes. */
function hold(x: number, y: number, pose: Pose, turn = 0): HandPath {
  const points = [0, 0.5, 1].map((at) => ({ x, y, at, size: at === 0.5 ? 0.965 : 1 }));
  return { pose, turn, points, guide: '' };
}

function line(points: { x: number; y: number }[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}

export const handPaths: Record<HandPathName, HandPath> = {
  stroke: glide(
    [
      [160, 84],
      [162, 130],
      [163, 180],
      [163, 230],
      [162, 272],
      [162, 306],
    ],
    'palm',
  ),
  palm_circle: circle(156, 236, 26, 'palm', -8),
  squeeze: squeeze(150, 96),
  circle_edge: arc(158, 338, 44, 'thumb', -16),
  circle_heel: circle(158, 336, 22, 'thumb', -16),
  circle_arch: circle(158, 252, 22, 'thumb', -16),
  circle_ball: circle(158, 162, 24, 'thumb', -16),
  roll_toe_1: circle(208, 58, 9, 'thumb', 8),
  roll_toe_2: circle(162, 62, 8, 'thumb', 4),
  roll_toe_3: circle(133, 74, 8, 'thumb', 0),
  roll_toe_4: circle(107, 92, 7, 'thumb', -6),
  roll_toe_5: circle(84, 116, 7, 'thumb', -10),
  slide: glide(
    [
      [158, 346],
      [154, 300],
      [152, 256],
      [153, 212],
      [157, 170],
      [162, 132],
    ],
    'thumb',
    -8,
  ),
  bend_up: bend(
    [
      [58, 346],
      [54, 336],
      [48, 326],
    ],
    14,
    'M2 330C-14 308-12 280 6 258',
  ),
  bend_down: bend(
    [
      [40, 246],
      [38, 254],
      [34, 264],
    ],
    160,
    'M6 262C-10 284-10 308 4 330',
  ),
  ankle_circle: circle(52, 288, 24, 'palm', 64),
  hold_top: hold(162, 200, 'palm'),
  press_ball: hold(156, 196, 'thumb', -16),
  press_arch: hold(186, 244, 'thumb', -16),
  press_heel: hold(158, 342, 'thumb', -16),
  press_toe_1: hold(208, 58, 'thumb', 8),
  press_top: hold(184, 188, 'thumb', -12),
};
