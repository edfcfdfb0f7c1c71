/** Whether a session may start now, following every change of the records that can say no. */
import { getApp } from '../context';
import { addDays } from '../localtime';
import { type Gate, mayBegin } from '../session/gate';
import { deletedDone } from '../store/done';
import { liveList, liveRead } from '../store/live.svelte';
import type { Records } from '../store/records';
import { liveNow } from './now.svelte';
import { patientPlace } from './patient';
import { severePain } from './plan-view';

export interface SessionGate {
  /** False until everything that can say no has been read. */
  readonly ready: boolean;
  readonly gate: Gate;
  /** The moment of this gate, and the patient's own day. */
  readonly at: { now: Date; today: string };
  readonly blocks: Records['block'][];
  readonly clearances: Records['clearance'][];
  /** Strong pain, by what the session itself was told or by the last notes. */
  readonly severe: boolean;
}

/** What the gate must know of the session on this phone. */
export interface UnderWay {
  begun: boolean;
  ownId: string | null;
  /** Strong pain was told before a massage that has not begun. */
  severe: boolean;
}

/** Call while a component starts. */
export function sessionGate(underWay: () => UnderWay): SessionGate {
  const { me } = getApp();
  const place = patientPlace();
  const now = liveNow();
  const today = $derived(place.day(now.value));
  const logs = liveList('session_log', () => ({ from: addDays(today, -8), to: addDays(today, 1) }));
  const deleted = liveRead(['session_log'], [], (from) => deletedDone(from, 'session_log'));
  const blockList = liveList('block');
  const clearanceList = liveList('clearance');
  const blocks = $derived(blockList.value.map(({ record }) => record));
  const readingList = liveList('glucose_reading', () => ({ from: addDays(today, -1), to: today }));
  const readings = $derived(readingList.value.map(({ record }) => record));
  const clearances = $derived(clearanceList.value.map(({ record }) => record));
  const lastDays = () => ({ from: addDays(today, -27), to: today });
  const diary = liveList('symptom_entry', lastDays);
  const recent = liveList('session_log', lastDays);

  const severe = $derived(
    underWay().severe ||
      severePain(
        diary.value.map(({ record }) => record),
        recent.value.map(({ record }) => record),
        today,
      ),
  );
  const at = $derived({ now: momentOf(now.value, blocks, clearances, readings), today });
  const gate = $derived.by<Gate>(() => {
    const { begun, ownId } = underWay();
    return mayBegin({
      ...at,
      profile: me()?.record.profile ?? null,
      clearances,
      blocks,
      readings,
      region: me()?.record.region ?? 'OTHER',
      logs: logs.value.map(({ record }) => record),
      deleted: deleted.value,
      ownId,
      severe: severe && !begun,
      begun,
    });
  });

  return {
    get ready() {
      const lists = logs.ready && deleted.ready && blockList.ready && clearanceList.ready && readingList.ready;
      return lists && me() !== null;
    },
    get gate() {
      return gate;
    },
    get at() {
      return at;
    },
    get blocks() {
      return blocks;
    },
    get clearances() {
      return clearances;
    },
    get severe() {
      return severe;
    },
  };
}

/** Looked at anew with every change: an end that was saved a moment ago lies in the past. */
function momentOf(..._changed: unknown[]) {
  return new Date();
}
