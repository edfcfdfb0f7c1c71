/** What the drawing of the foot shows in each step: the side that is seen, what is lit, and how the hand moves. */
import type { Region, Step } from '../care/scripts';
import type { FootSide, FootView } from '../components/foot-paths';
import type { Sway } from '../components/foot-sway';
import type { Hand, HandPathName } from '../components/hand-paths';

export interface Scene {
  view: FootView;
  foot: FootSide;
  lit: readonly Region[];
  hand: Hand | null;
  /** How the foot moves by itself, and in how many seconds once. */
  sway: { name: Sway; period: number } | null;
  sock: boolean;
}

/** Both feet at once: the drawing shows one, and the right one is the last that was worked on. */
export function sceneOf(step: Step): Scene {
  const foot = step.foot === 'both' ? 'right' : step.foot;
  return {
    view: viewOf(step),
    foot,
    lit: step.regions,
    hand: handOf(step),
    sway: swayOf(step),
    sock: step.sock === true,
  };
}

function viewOf(step: Step): FootView {
  switch (step.motion) {
    case 'stroke':
      return 'top';
    case 'bend':
    case 'ankle_circle':
    case 'pump':
    case 'turn':
    case 'towel':
      return 'side';
    case 'rest':
      return step.regions.includes('top') && !step.regions.includes('between_toes') ? 'top' : 'sole';
    default:
      return 'sole';
  }
}

function handOf(step: Step): Hand | null {
  const path = pathOf(step);
  return path && { path, period: step.period };
}

function pathOf(step: Step): HandPathName | null {
  switch (step.motion) {
    case 'stroke':
      return 'stroke';
    case 'roll':
      return 'slide';
    case 'bend':
      return step.key.startsWith('toes_down') ? 'bend_down' : 'bend_up';
    case 'ankle_circle':
      return 'ankle_circle';
    case 'circles':
      return step.key.startsWith('knead_edge') ? 'circle_edge' : circleOn(step.regions);
    case 'palm_circles':
      return 'palm_circle';
    case 'squeeze':
      return 'squeeze';
    case 'pump':
    case 'turn':
    case 'scrunch':
    case 'towel':
      return null;
    case 'rest':
      return restOn(step);
  }
}

function swayOf({ motion, period }: Step): Scene['sway'] {
  switch (motion) {
    case 'pump':
    case 'turn':
    case 'scrunch':
    case 'towel':
      return { name: motion, period };
    default:
      return null;
  }
}

function circleOn(regions: readonly Region[]): HandPathName {
  const toe = regions.length === 1 ? regions[0] : undefined;
  switch (toe) {
    case 'toe_1':
    case 'toe_2':
    case 'toe_3':
    case 'toe_4':
    case 'toe_5':
      return `roll_${toe}`;
  }
  if (regions.includes('heel')) return 'circle_heel';
  if (regions.includes('ball')) return 'circle_ball';
  return 'circle_arch';
}

/** A look needs no hand, and neither does a rest; a hold has one that stays. */
function restOn(step: Step): HandPathName | null {
  if (step.kind !== 'hold') return null;
  if (step.regions.length > 1) return 'hold_top';
  if (step.regions.includes('top')) return 'press_top';
  if (step.regions.includes('ball')) return 'press_ball';
  if (step.regions.includes('heel')) return 'press_heel';
  if (step.regions.includes('toe_1')) return 'press_toe_1';
  return 'press_arch';
}
