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
  const went = vi.fn();

  beforeEach(() => {
    const page = new EventTarget();
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
    vi.stubGlobal('location', { hash: '#/log/symptoms' });
    vi.stubGlobal('history', { length: 3, back: went });
    watchRoute(() => undefined);
    page.dispatchEvent(new Event('hashchange'));
  });

  afterEach(() => {
    went.mockReset();
    vi.unstubAllGlobals();
  });

  it('happens while the patient is still there', () => {
    backFromHere('log')();
    expect(went).toHaveBeenCalledOnce();
  });

  it('does not take a patient along who went elsewhere meanwhile', () => {
    const leave = backFromHere('log');
    location.hash = '#/log';
    leave();
    expect(went).not.toHaveBeenCalled();
  });
});
