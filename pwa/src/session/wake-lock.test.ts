/** The screen stays awake for as long as it is wanted, and no longer. */
import { afterEach, expect, it, vi } from 'vitest';
import { stayAwake, type Wakeful } from './wake-lock';

function page(refuse = false) {
  let changed = () => {};
  const state = { shown: true, held: 0, taken: 0 };
  /** As a browser does it while the page is seen: a low battery, say. */
  let takeBack = async () => {};
  const fake: Wakeful = {
    visible: () => state.shown,
    async request() {
      if (refuse) throw new DOMException('no', 'NotAllowedError');
      state.held += 1;
      state.taken += 1;
      let mine = true;
      let lost = () => {};
      const release = async () => {
        if (!mine) return;
        mine = false;
        state.held -= 1;
        lost();
      };
      takeBack = release;
      return {
        release,
        addEventListener(_type: string, listener: () => void) {
          lost = listener;
        },
      };
    },
    watch(callback) {
      changed = callback;
      return () => {
        changed = () => {};
      };
    },
  };
  const show = async (shown: boolean) => {
    state.shown = shown;
    changed();
    await settled();
  };
  return { fake, state, show, takeBack: () => takeBack() };
}

afterEach(() => vi.useRealTimers());

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

it('takes the lock again when the page is shown again, and holds only one', async () => {
  const { fake, state, show } = page();
  const release = stayAwake(fake);
  await settled();
  expect(state).toMatchObject({ held: 1, taken: 1 });
  await show(false);
  await show(true);
  expect(state).toMatchObject({ held: 1, taken: 2 });
  release();
  await settled();
  expect(state.held).toBe(0);
  await show(true);
  expect(state.held).toBe(0);
});

it('lets go of a lock that came after it was no longer wanted', async () => {
  const { fake, state } = page();
  stayAwake(fake)();
  await settled();
  expect(state).toMatchObject({ held: 0, taken: 1 });
});

it('goes on without a lock where there is none', async () => {
  const { fake, show } = page(true);
  const release = stayAwake(fake);
  await show(true);
  release();
});

it('takes the lock again that was lost while the page is seen', async () => {
  const { fake, state, takeBack } = page();
  const release = stayAwake(fake);
  await settled();
  vi.useFakeTimers();
  await takeBack();
  expect(state.held).toBe(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect(state).toMatchObject({ held: 1, taken: 2 });
  release();
  await vi.advanceTimersByTimeAsync(5000);
  expect(state).toMatchObject({ held: 0, taken: 2 });
});
