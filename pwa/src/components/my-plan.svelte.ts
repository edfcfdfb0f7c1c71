/** The patient's plan and what it makes of the days, following every change of the records. */
import { getApp } from '../context';
import { addDays } from '../localtime';
import { liveGet, liveList } from '../store/live.svelte';
import type { Records } from '../store/store';
import { liveNow } from './now.svelte';
import { patientPlace } from './patient';
import type { Known, WorkedOut } from './plan-view';

type View = typeof import('./plan-view');

/** How far back logs and pain notes are read; weeks that began before the 28 days count too. */
const LOOK_BACK_DAYS = 35;

export interface MyPlan {
  /** False until everything it is worked out from has been read. */
  readonly ready: boolean;
  readonly today: string;
  readonly plan: Records['plan'] | null;
  readonly waiting: boolean;
  readonly refused: boolean;
  readonly worked: WorkedOut | null;
  readonly severe: boolean;
  readonly known: Known;
  /** What works it out; loaded only when there is a plan, for it brings the clinical tables along. */
  readonly view: View | null;
  /** Saves the plan on this phone, its days worked out anew. */
  save(plan: Records['plan']): Promise<void>;
}

/** Call while a component starts. `whole`: the rules are wanted without a plan too, to choose one by. */
export function myPlan(whole = false): MyPlan {
  const { store } = getApp();
  const place = patientPlace();
  const now = liveNow();
  const today = $derived(place.day(now.value));
  const recent = () => ({ from: addDays(today, -LOOK_BACK_DAYS) });
  const stored = liveGet('plan', store.patientId);
  const logs = liveList('session_log', recent);
  const diary = liveList('symptom_entry', recent);
  const blocks = liveList('block');

  const plan = $derived(stored.value?.record ?? null);
  let view = $state.raw<View | null>(null);
  $effect(() => {
    if ((plan || whole) && !view)
      void import('./plan-view').then((loaded) => {
        view = loaded;
      });
  });
  const known = $derived<Known>({
    done: [...new Set(logs.value.map(({ record }) => record.on))],
    blocks: blocks.value.map(({ record }) => record),
    today,
    zone: place.zone,
    now: now.value,
  });
  const worked = $derived((plan && view?.workOut(plan, known)) ?? null);
  const records = <T>(list: readonly { record: T }[]) => list.map(({ record }) => record);
  const lastDays = $derived(addDays(today, -27));
  const severe = $derived(
    view?.severePain(
      records(diary.value).filter(({ on }) => on >= lastDays),
      records(logs.value).filter(({ on }) => on >= lastDays),
      today,
    ) ?? false,
  );

  return {
    get ready() {
      return stored.ready && logs.ready && diary.ready && blocks.ready && ((plan === null && !whole) || view !== null);
    },
    get today() {
      return today;
    },
    get plan() {
      return plan;
    },
    get waiting() {
      return stored.value?.waiting === true;
    },
    get refused() {
      return stored.value?.refused != null;
    },
    get worked() {
      return worked;
    },
    get severe() {
      return severe;
    },
    get known() {
      return known;
    },
    get view() {
      return view;
    },
    async save(next) {
      const { workOut } = view ?? (await import('./plan-view'));
      await store.save('plan', store.patientId, { ...next, ...workOut(next, known) });
    },
  };
}
