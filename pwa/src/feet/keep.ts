/** Keeps a foot check and everything that follows from it, on the phone. */
import type { Decision } from '../care/decisions';
import type { FootCheckOutcome } from '../care/feet';
import { answerReminders } from '../store/answer';
import type { Store } from '../store/store';
import { type Concluded, type FootCheck, warmth } from './check';
import { draftOf, toldIn } from './draft';

/** The blocks first, so that nothing can come between that leaves a red flag without one. */
export async function keepCheck(store: Store, { check, blocks, event }: Concluded, at: Date): Promise<void> {
  for (const block of blocks) await store.save('block', block.id, block);
  if (event) await store.save('triage_event', event.id, event);
  await store.save('foot_check', check.id, check);
  // Feet that could not be seen are still to be checked.
  if (check.result !== 'not_seen_well') await answerReminders(store, 'foot_check', check.on, at);
}

/** What a check that was kept at this moment concluded; null when it was not decided on a phone. */
export async function concludedAt(
  store: Store,
  check: FootCheck,
  at: string,
  others: readonly FootCheck[],
): Promise<Concluded | null> {
  if (check.decision === null) return null;
  const told = toldIn(draftOf(check, 'C'));
  const decision = check.decision as unknown as Decision<FootCheckOutcome>;
  const all = (await store.list('block')).map(({ record }) => record);
  // What is left out may have been left out before: that block got the areas of this check.
  const skips = ({ ended_at, areas }: (typeof all)[number]) =>
    !decision.outcome.clear && ended_at === null && (areas ?? []).length > 0;
  return {
    check,
    decision,
    warm: warmth(told, check.on, others),
    blocks: all.filter((block) => block.started_at === at || block.ended_at === at || skips(block)),
    event: (await store.get('triage_event', check.id))?.record ?? null,
  };
}
