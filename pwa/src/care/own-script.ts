/** A session of the patient's own, laid out from the techniques and the minutes that they chose (brief §2.1, §4, §5). */
import written from '$care/own_script.json';
import { OWN } from './decisions';
import type { Foot, Script, Step } from './scripts';

export const OWN_MINUTES = written.minutes;

/** A step as it is written, with the seconds it may have and in how many rounds it comes. */
interface Part extends Omit<Step, 'key' | 'row' | 'technique' | 'foot' | 'seconds'> {
  readonly key: string;
  readonly least: number;
  readonly most: number;
  readonly rounds?: number;
}

interface Fixed extends Omit<Step, 'row' | 'foot' | 'line'> {
  readonly line: string | { readonly left: string; readonly right: string };
}

interface Frame {
  readonly settle: readonly Fixed[];
  readonly open: Fixed;
  readonly look: Fixed;
  readonly close: readonly Fixed[];
}

const techniques = written.techniques as unknown as readonly { id: string; parts: readonly Part[] }[];
const frames = written.frames as unknown as Readonly<Record<'touch' | 'still', Frame>>;

/** One thing to do on a foot, before it has its exact seconds. */
interface Slot {
  readonly least: number;
  readonly most: number;
  step(seconds: number, foot: Foot): Step;
}

/** The script, or null when nothing of that length can be made of these techniques. */
export function ownScript(chosen: readonly string[], minutes: number): Script | null {
  if (!Number.isInteger(minutes) || minutes < OWN_MINUTES.least || minutes > OWN_MINUTES.most) return null;
  if (chosen.length === 0 || chosen.some((id) => !techniques.some((technique) => technique.id === id))) return null;
  const still = chosen.every((id) => written.still.includes(id));
  const frame = frames[still ? 'still' : 'touch'];
  const around = [...frame.settle, ...frame.close].reduce((sum, { seconds }) => sum + seconds, 0);
  const slots = footOf(frame, chosen, still, (minutes * 60 - around) / 2);
  if (!slots) return null;
  const steps = [
    ...frame.settle.map((step) => fixed(step, 'settle', 'both')),
    ...laidOut(slots, 'left'),
    ...laidOut(slots, 'right'),
    ...frame.close.map((step) => fixed(step, 'close', 'both')),
  ];
  return { id: OWN, title: 'script.OWN.title', total_seconds: minutes * 60, steps };
}

/** The whole minutes that these techniques can fill. */
export function ownMinutes(chosen: readonly string[]): number[] {
  const all = Array.from({ length: OWN_MINUTES.most - OWN_MINUTES.least + 1 }, (_, n) => OWN_MINUTES.least + n);
  return all.filter((minutes) => ownScript(chosen, minutes) !== null);
}

type Timed = readonly { slot: Slot; seconds: number }[];

/** A foot's slots with their seconds: the fewest rounds that can fill the time. */
function footOf(frame: Frame, chosen: readonly string[], still: boolean, seconds: number): Timed | null {
  const parts = techniques.filter(({ id }) => chosen.includes(id)).flatMap((technique) => technique.parts);
  for (let rounds = 1; parts.some((part) => rounds <= (part.rounds ?? rounds)); rounds += 1) {
    const slots = slotsOf(frame, chosen, still, rounds);
    if (total(slots, 'least') > seconds) return null;
    if (total(slots, 'most') >= seconds) return shared(slots, seconds);
  }
  return null;
}

function slotsOf(frame: Frame, chosen: readonly string[], still: boolean, rounds: number): Slot[] {
  const slots = [fixedSlot(frame.open, 'open')];
  for (let round = 1; round <= rounds; round += 1) {
    for (const { id, parts } of techniques) {
      if (!chosen.includes(id)) continue;
      for (const part of parts) if (round <= (part.rounds ?? rounds)) slots.push(partSlot(part, id, round, still));
    }
    if (!still || round === rounds) slots.push(fixedSlot({ ...frame.look, key: `look_${round}` }, 'look'));
  }
  return slots;
}

function fixedSlot(written: Fixed, row: string): Slot {
  return { least: written.seconds, most: written.seconds, step: (_, foot) => fixed(written, row, foot) };
}

function partSlot(
  { key, least, most, rounds: _, ...part }: Part,
  technique: string,
  round: number,
  sock: boolean,
): Slot {
  const step = (seconds: number, foot: Foot) => ({
    ...part,
    key: `${key}_${round}_${foot}`,
    row: technique,
    technique,
    foot,
    seconds,
    sock,
  });
  return { least, most, step };
}

function fixed({ line, ...step }: Fixed, row: string, foot: Foot): Step {
  return {
    ...step,
    key: foot === 'both' ? step.key : `${step.key}_${foot}`,
    row,
    foot,
    line: typeof line === 'string' ? line : line[foot === 'right' ? 'right' : 'left'],
  };
}

const total = (slots: readonly Slot[], what: 'least' | 'most') => slots.reduce((sum, slot) => sum + slot[what], 0);

/** Everyone gets their least; what is left goes round second by second to who has the least and can take more. */
function shared(slots: readonly Slot[], seconds: number): Timed {
  const given = slots.map((slot) => ({ slot, seconds: slot.least }));
  for (let left = seconds - total(slots, 'least'); left > 0; left -= 1) {
    const open = given.filter((one) => one.seconds < one.slot.most);
    const next = open.reduce((least, one) => (one.seconds < least.seconds ? one : least));
    next.seconds += 1;
  }
  return given;
}

function laidOut(timed: Timed, foot: 'left' | 'right'): Step[] {
  return timed.map(({ slot, seconds }) => slot.step(seconds, foot));
}
