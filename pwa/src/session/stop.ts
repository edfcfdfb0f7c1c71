/** What comes of a massage that was stopped, or after which the skin looks different (brief §2.3). */
import { evaluateStop, type StopOutcome } from '../care/decisions';
import type { Store } from '../store/store';
import { type Answer, keepTold, sheetOf, tell } from '../triage/tell';
import type { SessionDraft } from './draft';

type Skin = 'yes' | 'no' | 'not_sure' | null;
/** The profile's answers; what was not answered is left to the table. */
type Profile = Readonly<Record<string, unknown>>;

/** `skin`: whether it looks the same, as it was just answered. */
export function stopOf({ stop_reason }: SessionDraft, skin: Skin, { low_sugar_medicine }: Profile = {}): StopOutcome {
  return evaluateStop({ reason: stop_reason ?? 'none', skin_same: skin ?? 'unasked', low_sugar_medicine });
}

export function keptSkin({ skin_same }: SessionDraft): Skin {
  if (skin_same === null) return null;
  return skin_same ? 'yes' : 'no';
}

/** Whether it may still be finished that day: nothing was wrong. */
export function mayFinishLater(draft: SessionDraft): boolean {
  return draft.player?.state === 'stopped' && !stopOf(draft, keptSkin(draft)).over_for_today;
}

/** The signs that are still to be told, with all that was said before: one event speaks for the whole massage. */
export function toTell(draft: SessionDraft, skin: Skin): Record<string, Answer> | null {
  const said = draft.told?.answers ?? {};
  const open = stopOf(draft, skin).signs.filter((sign) => said[sign] === undefined);
  if (open.length === 0) return null;
  const unsure = skin === 'not_sure' && draft.stop_reason !== 'skin';
  const answer = (sign: string): Answer => (unsure && sign === 'colour_change' ? 'not_sure' : 'yes');
  return { ...said, ...Object.fromEntries(open.map((sign) => [sign, answer(sign)])) };
}

/** Tells what was left untold. A question that nobody answered takes the strictest answer. */
export async function tellLeft(store: Store, draft: SessionDraft, at: Date, newId: () => string): Promise<void> {
  const answers = toTell(draft, keptSkin(draft));
  if (answers === null) return;
  const standing = (await store.list('block')).map(({ record }) => record);
  await keepTold(store, tell(sheetOf(answers), standing, { on: draft.on, at, newId, about: draft.id }));
}
