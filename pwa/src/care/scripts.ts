/** The session scripts, each laid out as the player runs it: settle, left foot, right foot, close (brief §5). */
import scriptsJson from '$care/scripts.json';

export type Foot = 'left' | 'right' | 'both';
export type Region =
  | 'toe_1'
  | 'toe_2'
  | 'toe_3'
  | 'toe_4'
  | 'toe_5'
  | 'ball'
  | 'arch_inner'
  | 'arch_outer'
  | 'heel'
  | 'top'
  | 'ankle'
  | 'between_toes';

export interface Step {
  readonly key: string;
  readonly row: string;
  readonly technique: string;
  readonly foot: Foot;
  readonly seconds: number;
  /** `hold` and `look` keep their seconds at every speed. */
  readonly kind: 'move' | 'hold' | 'look' | 'rest';
  /** Key of the spoken sentence. */
  readonly line: string;
  /** Key of a sentence that is spoken after it: what this patient must mind today. */
  readonly also?: string;
  readonly regions: readonly Region[];
  readonly motion:
    | 'stroke'
    | 'circles'
    | 'palm_circles'
    | 'squeeze'
    | 'roll'
    | 'bend'
    | 'ankle_circle'
    // The foot moves by itself.
    | 'pump'
    | 'turn'
    | 'scrunch'
    | 'towel'
    | 'rest';
  /** Seconds of one stroke, circle or slide. */
  readonly period: number;
  /** The technique's highest pressure of 10; the person's own cap wins when lower. */
  readonly pressure: number | null;
  /** The foot is in its sock: nothing of the skin is seen. */
  readonly sock?: boolean;
}

export interface Script {
  readonly id: string;
  readonly title: string;
  readonly total_seconds: number;
  readonly steps: readonly Step[];
}

interface WrittenStep extends Omit<Step, 'foot' | 'line'> {
  readonly line: string | { readonly left: string; readonly right: string };
}

interface WrittenScript extends Omit<Script, 'steps'> {
  readonly settle: readonly WrittenStep[];
  readonly each_foot: readonly WrittenStep[];
  readonly close: readonly WrittenStep[];
}

function layOut(steps: readonly WrittenStep[], foot: Foot): Step[] {
  return steps.map(({ line, ...step }) => ({
    ...step,
    key: foot === 'both' ? step.key : `${step.key}_${foot}`,
    foot,
    sock: step.sock === true,
    line: typeof line === 'string' ? line : line[foot === 'right' ? 'right' : 'left'],
  }));
}

const written = scriptsJson as unknown as { scripts: WrittenScript[] };

export const scripts: readonly Script[] = written.scripts.map(({ settle, each_foot, close, ...script }) => ({
  ...script,
  steps: [
    ...layOut(settle, 'both'),
    ...layOut(each_foot, 'left'),
    ...layOut(each_foot, 'right'),
    ...layOut(close, 'both'),
  ],
}));
