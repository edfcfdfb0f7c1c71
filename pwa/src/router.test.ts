import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backFromHere, href, parseRoute, watchRoute } from './router';

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

describe('going back after a save', () => {
  const page = new EventTarget();
  const went = vi.fn();
  let entry: { state: unknown; replaceState: (state: unknown, _: string, url?: string) => void };
  let unwatch: () => void;

  /** The browser's side of a move to an entry with this state; a new entry has none. */
  function arriveAt(hash: string, state: unknown) {
    location.hash = hash;
    entry.state = state;
    page.dispatchEvent(new Event('popstate'));
    page.dispatchEvent(new Event('hashchange'));
  }

  beforeEach(() => {
    entry = {
      state: null,
      replaceState(state, _, url) {
        entry.state = state;
        if (url) location.hash = url;
      },
    };
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
    vi.stubGlobal('dispatchEvent', page.dispatchEvent.bind(page));
    vi.stubGlobal('HashChangeEvent', Event);
    vi.stubGlobal('location', { hash: '#/today' });
    vi.stubGlobal('history', Object.assign(entry, { back: went }));
    unwatch = watchRoute(() => undefined);
  });

  afterEach(() => {
    unwatch();
    went.mockReset();
    vi.unstubAllGlobals();
  });

  it('is over only when the patient has arrived', async () => {
    arriveAt('#/log/symptoms', null);
    const over = vi.fn();
    const leaving = backFromHere('log')().then(over);
    await Promise.resolve();
    expect(went).toHaveBeenCalledOnce();
    expect(over).not.toHaveBeenCalled();
    arriveAt('#/today', { depth: 0 });
    await leaving;
    expect(over).toHaveBeenCalledOnce();
  });

  it('never leaves the app: from its first screen it goes to the given one', async () => {
    arriveAt('#/progress', null);
    arriveAt('#/today', { depth: 0 });
    await backFromHere('log')();
    expect(went).not.toHaveBeenCalled();
    expect([location.hash, entry.state]).toEqual(['#/log', { depth: 0 }]);
  });

  it('knows after a reload how many screens lie before', async () => {
    unwatch();
    entry.state = { depth: 3 };
    unwatch = watchRoute(() => undefined);
    void backFromHere('log')();
    expect(went).toHaveBeenCalledOnce();
  });

  it('does not take a patient along who went elsewhere meanwhile', async () => {
    arriveAt('#/log/symptoms', null);
    const leave = backFromHere('log');
    arriveAt('#/log', null);
    await leave();
    expect(went).not.toHaveBeenCalled();
  });
});
