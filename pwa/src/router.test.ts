import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backFromHere, closePart, href, navigate, openPart, parseRoute, watchRoute } from './router';

describe('addresses', () => {
  it('reads what it writes', () => {
    expect(parseRoute(href('log/steps', { on: '2026-11-22', empty: '' }))).toMatchObject({
      name: 'log/steps',
      rest: '',
    });
    expect(parseRoute('#/reset/a%2Fb')).toMatchObject({ name: 'reset', rest: 'a/b' });
    expect(parseRoute('').name).toBe('today');
  });
});

/** A browser's own list of entries: going to another one happens a little later and is then told. */
class Entries {
  list: { hash: string; state: unknown }[] = [{ hash: '#/today', state: null }];
  at = 0;
  left = false;

  constructor(private readonly page: EventTarget) {}

  get state() {
    return this.list[this.at]?.state ?? null;
  }

  get hash() {
    return this.list[this.at]?.hash ?? '';
  }

  /** A link: a new entry without a state. */
  set hash(hash: string) {
    if (hash === this.hash) return;
    this.pushState(null, '', hash);
    this.tell(true);
  }

  pushState(state: unknown, _: string, hash = this.hash) {
    this.list = [...this.list.slice(0, this.at + 1), { hash, state }];
    this.at += 1;
  }

  replaceState(state: unknown, _: string, hash = this.hash) {
    this.list[this.at] = { hash, state };
  }

  back() {
    this.go(-1);
  }

  go(by: number) {
    setTimeout(() => {
      const before = this.hash;
      this.left = this.at + by < 0;
      if (this.left) return;
      this.at += by;
      this.tell(before !== this.hash);
    });
  }

  private tell(elsewhere: boolean) {
    this.page.dispatchEvent(new Event('popstate'));
    if (elsewhere) this.page.dispatchEvent(new Event('hashchange'));
  }
}

describe('going back', () => {
  let entries: Entries;
  let unwatch: () => void;

  const settle = () => vi.runAllTimersAsync();

  async function phoneBack() {
    entries.back();
    await settle();
  }

  beforeEach(() => {
    vi.useFakeTimers();
    const page = new EventTarget();
    entries = new Entries(page);
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
    vi.stubGlobal('dispatchEvent', page.dispatchEvent.bind(page));
    vi.stubGlobal('HashChangeEvent', Event);
    vi.stubGlobal('location', entries);
    vi.stubGlobal('history', entries);
    unwatch = watchRoute(() => undefined);
  });

  afterEach(() => {
    unwatch();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  describe('after a save', () => {
    it('is over only when the patient has arrived', async () => {
      void navigate('log/symptoms');
      const over = vi.fn();
      void backFromHere('log')().then(over);
      await Promise.resolve();
      expect(over).not.toHaveBeenCalled();
      await settle();
      expect(over).toHaveBeenCalledOnce();
      expect(entries.hash).toBe('#/today');
    });

    it('never leaves the app: from its first screen it goes to the given one', async () => {
      void navigate('progress');
      await phoneBack();
      await backFromHere('log')();
      expect([entries.hash, entries.at, entries.left]).toEqual(['#/log', 0, false]);
    });

    it('knows after a reload how many screens lie before', async () => {
      void navigate('progress');
      unwatch();
      unwatch = watchRoute(() => undefined);
      void backFromHere('log')();
      await settle();
      expect(entries.hash).toBe('#/today');
    });

    it('does not take a patient along who went elsewhere meanwhile', async () => {
      void navigate('log/symptoms');
      const leave = backFromHere('log');
      void navigate('log');
      await leave();
      await settle();
      expect(entries.hash).toBe('#/log');
    });

    it('leaves no part of the form behind', async () => {
      void navigate('log/glucose');
      const gone = openPart(() => undefined);
      void navigate('glucose/advice', {}, true);
      gone();
      await settle();
      expect([entries.hash, entries.at]).toEqual(['#/glucose/advice', 1]);
      await phoneBack();
      expect(entries.hash).toBe('#/today');
    });

    it('passes every part of the screen', async () => {
      void navigate('log/foot-check');
      openPart(() => undefined)();
      openPart(() => undefined)();
      void backFromHere('log')();
      await settle();
      expect(entries.hash).toBe('#/today');
    });
  });

  /** A screen of three parts, whose Back on the screen and on the phone are the same. */
  class Wizard {
    part = 0;
    private gone: () => void = () => undefined;

    show(part: number) {
      this.gone();
      this.part = part;
      this.gone = part > 0 ? openPart(() => this.show(part - 1)) : () => undefined;
    }

    leave() {
      this.gone();
    }
  }

  describe('within a screen', () => {
    let wizard: Wizard;

    beforeEach(() => {
      void navigate('help');
      wizard = new Wizard();
      wizard.show(1);
      wizard.show(2);
    });

    it('goes part by part, then to the screen before', async () => {
      const seen = [];
      for (let press = 0; press < 3; press += 1) {
        await phoneBack();
        seen.push([entries.hash, wizard.part]);
      }
      expect(seen).toEqual([
        ['#/help', 1],
        ['#/help', 0],
        ['#/today', 0],
      ]);
    });

    it('does the same from the screen and from the phone, in any order', async () => {
      closePart();
      await settle();
      expect(wizard.part).toBe(1);
      await phoneBack();
      expect(wizard.part).toBe(0);
      wizard.show(1);
      closePart();
      await settle();
      expect([wizard.part, entries.hash]).toEqual([0, '#/help']);
    });

    it('has no press that does nothing where a part was jumped over or ended by itself', async () => {
      wizard.show(0);
      await phoneBack();
      expect(entries.hash).toBe('#/today');
    });

    it('has no press that does nothing on a screen that it comes back to', async () => {
      wizard.leave();
      void navigate('learn');
      await phoneBack();
      expect(entries.hash).toBe('#/help');
      await phoneBack();
      expect(entries.hash).toBe('#/today');
    });

    it('closes a question that lies over a part first', async () => {
      const close = vi.fn();
      const closed = openPart(close);
      await phoneBack();
      closed();
      expect([close.mock.calls.length, wizard.part]).toEqual([1, 2]);
      await phoneBack();
      expect(wizard.part).toBe(1);
    });

    it('undoes a part that was there when the screen opened', async () => {
      unwatch();
      entries.replaceState(null, '');
      unwatch = watchRoute(() => undefined);
      closePart();
      await settle();
      expect(wizard.part).toBe(1);
    });
  });
});
