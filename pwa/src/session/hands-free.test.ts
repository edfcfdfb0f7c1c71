/** Which words count, and what the microphone does when the browser ends it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Command, canHear, commandIn, type Hearing, listen } from './hands-free';

describe('a word', () => {
  it.each([
    ['Pause.', 'pause'],
    ['please wait', 'pause'],
    ['go on', 'go_on'],
    ['OK, go on!', 'go_on'],
    ['Continue', 'go_on'],
    ['next', 'next'],
    ['next step please', 'next'],
    ['go back', 'back'],
    ['again', 'repeat'],
    ['STOP', 'stop'],
    ['no no that hurts please stop it now', 'stop'],
    ['next stop', 'stop'],
    ['', null],
    ['hello there', null],
    ['nextdoor', null],
    ['I told her to go on and see the doctor', null],
    ['we talked about the next holiday we take', null],
  ] as const)('in "%s" is %s', (heard, command) => {
    expect(commandIn(heard)).toBe(command);
  });

  it('that our own voice is saying is not a command, any other still is', () => {
    const line = 'Now go back to the heel and rest.';
    expect(commandIn('go back', line)).toBeNull();
    expect(commandIn('stop', line)).toBe('stop');
    expect(commandIn('next', line)).toBe('next');
  });
});

class FakeRecogniser {
  static all: FakeRecogniser[] = [];
  lang = '';
  continuous = false;
  interimResults = false;
  starts = 0;
  aborted = false;
  onresult: ((event: unknown) => void) | null = null;
  onerror: ((event: { error: string }) => void) | null = null;
  onend: (() => void) | null = null;

  constructor() {
    FakeRecogniser.all.push(this);
  }

  start() {
    this.starts += 1;
  }

  abort() {
    this.aborted = true;
  }

  hears(at: number, transcript: string) {
    const results = Array.from({ length: at + 1 }, () => ({ 0: { transcript }, isFinal: false }));
    this.onresult?.({ resultIndex: at, results });
  }
}

describe('the microphone', () => {
  let commands: Command[];
  let states: Hearing[];
  let saying: string;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('SpeechRecognition', FakeRecogniser);
    FakeRecogniser.all = [];
    commands = [];
    states = [];
    saying = '';
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  function begin() {
    const stop = listen({
      language: 'en-US',
      saying: () => saying,
      command: (command) => commands.push(command),
      hearing: (state) => states.push(state),
    });
    const recogniser = FakeRecogniser.all[0];
    if (!recogniser) throw new Error('nothing listens');
    return { stop, recogniser };
  }

  it('gives one command for a sentence that grows', () => {
    const { recogniser } = begin();
    for (const heard of ['ne', 'next', 'next please', 'next please']) recogniser.hears(0, heard);
    recogniser.hears(1, 'pause');
    expect(commands).toEqual(['next', 'pause']);
    expect(recogniser).toMatchObject({ lang: 'en-US', continuous: true });
  });

  it('does not hear our own voice', () => {
    const { recogniser } = begin();
    saying = 'Now the next toe.';
    recogniser.hears(0, 'now the next toe');
    expect(commands).toEqual([]);
    saying = '';
    recogniser.hears(1, 'next');
    expect(commands).toEqual(['next']);
  });

  it('begins again after a silence', async () => {
    const { recogniser } = begin();
    await vi.advanceTimersByTimeAsync(8000);
    recogniser.onerror?.({ error: 'no-speech' });
    recogniser.onend?.();
    await vi.advanceTimersByTimeAsync(300);
    expect(recogniser.starts).toBe(2);
    recogniser.hears(0, 'stop');
    expect(commands).toEqual(['stop']);
  });

  it.each([
    ['not-allowed', 'refused'],
    ['audio-capture', 'no_microphone'],
    ['network', 'no_network'],
    ['something-new', 'failed'],
  ])('is off after "%s", and says so', async (error, state) => {
    const { recogniser } = begin();
    recogniser.onerror?.({ error });
    recogniser.onend?.();
    await vi.advanceTimersByTimeAsync(5000);
    expect(recogniser.starts).toBe(1);
    expect(states.at(-1)).toBe(state);
    recogniser.hears(0, 'stop');
    expect(commands).toEqual([]);
  });

  it('gives up on one that ends at once, again and again', async () => {
    const { recogniser } = begin();
    for (let count = 0; count < 10; count += 1) {
      recogniser.onend?.();
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(recogniser.starts).toBe(5);
    expect(states.at(-1)).toBe('failed');
  });

  it('hears nothing once it was taken away', async () => {
    const { stop, recogniser } = begin();
    stop();
    recogniser.onend?.();
    await vi.advanceTimersByTimeAsync(5000);
    expect(recogniser).toMatchObject({ aborted: true, starts: 1 });
    expect(states).toEqual(['listening', 'off']);
  });

  it('is not there in every browser', () => {
    vi.stubGlobal('SpeechRecognition', undefined);
    expect(canHear()).toBe(false);
    const stop = listen({
      language: 'en',
      saying: () => '',
      command: () => undefined,
      hearing: (state) => states.push(state),
    });
    stop();
    expect(states).toEqual(['unknown_here']);
  });
});
