/** Runs the player on a phone: clock, voice, chime, words heard, wake lock, and a note of the second it is at. */
import { buzz, chime, onInterruption, readyChime } from './chime';
import { type Command, type Hearing, listen } from './hands-free';
import type { Speed, TimedScript } from './pace';
import { type Action, act, type Cue, newPlayer, type Player, restore, type Snapshot, snapshot } from './player';
import type { SessionSettings } from './settings';
import { voice } from './voice';
import { stayAwake } from './wake-lock';

const TICK_MS = 200;
const KEEP_EVERY_MS = 5000;

export interface RunOptions {
  script: TimedScript;
  from: Snapshot | null;
  settings: SessionSettings;
  /** What is said at a step. */
  line: (step: number) => string;
  language: string;
  /** Keeps the snapshot; called at every step, each second, and when the page goes away. */
  keep: (snapshot: Snapshot) => void;
  ended: (snapshot: Snapshot) => void;
  /** Another minute was run. */
  minute: (minute: number) => void;
  /** "Stop" was heard. */
  stop: () => void;
}

export class Run {
  player: Player;
  hearing: Hearing;
  readonly #options: RunOptions;
  #keptAt = '';
  /** Not a rune: while a screen is taken down, runes still say what they said before. */
  #ended = false;
  #release: (() => void) | null = null;
  #deafen: (() => void) | null = null;

  constructor(options: RunOptions) {
    this.#options = options;
    const { script, from, settings } = options;
    this.player = $state.raw(from ? restore(script, from, settings) : newPlayer(script, settings));
    this.hearing = $state('off');
  }

  start = (): void => {
    readyChime();
    this.#listen();
    this.#do({ do: 'start', now: performance.now(), at: new Date().toISOString() });
  };

  resume = (): void => {
    readyChime();
    this.#listen();
    this.#do({ do: 'resume', now: performance.now() });
  };

  pause = (): void => this.#do({ do: 'pause', now: performance.now() });
  back = (): void => this.#do({ do: 'back', now: performance.now() });
  repeat = (): void => this.#do({ do: 'repeat', now: performance.now() });
  next = (): void => this.#do({ do: 'next', now: performance.now() });
  stop = (): void => this.#do({ do: 'stop', now: performance.now() });
  toggle = (): void => (this.player.state === 'running' ? this.pause() : this.resume());
  setSpeed = (speed: Speed): void => this.#do({ do: 'speed', now: performance.now(), speed });

  /** Says something after the line that is being said. */
  add(sentence: string): void {
    const { language, settings } = this.#options;
    voice.add(sentence, language, settings, this.player.speed);
  }

  /** Follows the clock and the page until the answer is called. */
  follow(): () => void {
    const tick = setInterval(() => this.#do({ do: 'tick', now: performance.now() }), TICK_MS);
    const hide = () => this.#do({ do: 'hidden', now: performance.now() });
    const leave = () => {
      hide();
      this.deafen();
      this.#keep();
    };
    const shownOrHidden = () => {
      if (document.visibilityState === 'hidden') leave();
    };
    document.addEventListener('visibilitychange', shownOrHidden);
    document.addEventListener('freeze', leave);
    // Before the store closes its database, which it does at the same moment.
    addEventListener('pagehide', leave, { capture: true });
    const uninterrupted = onInterruption(hide);
    return () => {
      clearInterval(tick);
      document.removeEventListener('visibilitychange', shownOrHidden);
      document.removeEventListener('freeze', leave);
      removeEventListener('pagehide', leave, { capture: true });
      uninterrupted();
      leave();
      this.#sleep();
    };
  }

  /** Takes the microphone away; the next start or "go on" gives it back. */
  deafen(): void {
    this.#deafen?.();
    this.#deafen = null;
  }

  #listen(): void {
    const { settings, language } = this.#options;
    if (!settings.hands_free || this.#deafen) return;
    this.#deafen = listen({
      language,
      saying: () => voice.saying,
      command: (command) => this.#obey(command),
      hearing: (state) => {
        this.hearing = state;
        // Nothing listens any more: the next "go on" may try again.
        if (state !== 'listening') this.#deafen = null;
      },
    });
  }

  #obey(command: Command): void {
    if (command === 'go_on') this.resume();
    else if (command === 'stop') this.#options.stop();
    else this[command]();
  }

  #do(action: Action): void {
    const { script } = this.#options;
    const { player, cues } = act(script, this.player, action);
    if (player === this.player) return;
    this.player = player;
    for (const cue of cues) this.#give(cue);
    if (player.state === 'running') this.#release ??= stayAwake();
    else this.#sleep();
    // Leaving the page keeps the very second (`leave`); in between, every few seconds is enough for a phone that dies.
    // Rounded: between two seconds of the clock, so that one frame need not draw and keep at once.
    const place = `${player.state} ${player.step} ${player.speed} ${Math.round(player.played / KEEP_EVERY_MS)}`;
    if (place !== this.#keptAt) this.#keep();
    this.#keptAt = place;
  }

  #give(cue: Cue): void {
    const { line, language, settings, minute } = this.#options;
    if (cue.kind === 'say') voice.say(line(cue.step), language, settings, this.player.speed);
    else if (cue.kind === 'minute') minute(cue.minute);
    else if (cue.kind === 'chime') {
      if (settings.chime) chime(settings.chime_volume);
      if (settings.vibration) buzz();
    } else voice.quiet();
    if (cue.kind === 'finished' || cue.kind === 'stopped') {
      this.deafen();
      this.#ended = true;
      this.#options.ended(this.#now());
    }
  }

  #keep(): void {
    if (this.#ended) return;
    if (this.player.state === 'running' || this.player.state === 'paused') this.#options.keep(this.#now());
  }

  #now(): Snapshot {
    return snapshot(this.player, new Date().toISOString());
  }

  #sleep(): void {
    this.#release?.();
    this.#release = null;
  }
}
