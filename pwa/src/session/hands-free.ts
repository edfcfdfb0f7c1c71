/** "Pause", "go on", "next": words instead of taps, where the browser hears them. Off unless the patient wants it. */

export const COMMANDS = ['stop', 'pause', 'go_on', 'next', 'back', 'repeat'] as const;
export type Command = (typeof COMMANDS)[number];

/** Phrases of each command; the first that is found counts, so "stop" is looked for before all else. */
const PHRASES: Record<Command, readonly string[]> = {
  stop: ['stop'],
  pause: ['pause', 'wait'],
  go_on: ['go on', 'continue', 'resume'],
  next: ['next'],
  back: ['back', 'go back'],
  repeat: ['repeat', 'again'],
};
/** More words than this are talk, not a command. "Stop" counts in any sentence. */
const MOST_WORDS = 4;

/** The command in what was heard. Words that our own voice is just saying are our own. */
export function commandIn(heard: string, saying = ''): Command | null {
  const words = plain(heard);
  const own = ` ${plain(saying)} `;
  const has = (phrase: string) => ` ${words} `.includes(` ${phrase} `) && !own.includes(` ${phrase} `);
  const short = words.split(' ').length <= MOST_WORDS;
  return COMMANDS.find((command) => (short || command === 'stop') && PHRASES[command].some(has)) ?? null;
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} ]/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();

/** What the microphone does; the rest is why it is off. */
export type Hearing = 'off' | 'listening' | 'refused' | 'no_microphone' | 'no_network' | 'failed' | 'unknown_here';

interface Heard {
  readonly isFinal: boolean;
  readonly [index: number]: { readonly transcript: string };
}

/** As much of the browser's recogniser as is used here; TypeScript does not know it. */
interface Recogniser {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((event: { resultIndex: number; results: ArrayLike<Heard> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  abort(): void;
}

export function canHear(): boolean {
  return recogniserOf() !== null;
}

function recogniserOf(): (new () => Recogniser) | null {
  const here = globalThis as {
    SpeechRecognition?: new () => Recogniser;
    webkitSpeechRecognition?: new () => Recogniser;
  };
  return here.SpeechRecognition ?? here.webkitSpeechRecognition ?? null;
}

const TROUBLE: Record<string, Hearing> = {
  'not-allowed': 'refused',
  'service-not-allowed': 'refused',
  'audio-capture': 'no_microphone',
  network: 'no_network',
  'language-not-supported': 'unknown_here',
};
/** Silence ends a recogniser, and being hidden; both are no trouble. */
const HARMLESS = ['no-speech', 'aborted'];
/** One that ends at once, again and again, will not hear anything. */
const MOST_SHORT_LIVES = 5;
const SHORT_LIFE_MS = 1000;
const AGAIN_MS = 250;

export interface Listening {
  language: string;
  /** The sentence that our own voice is saying now; empty when it is silent. */
  saying: () => string;
  command: (command: Command) => void;
  hearing: (state: Hearing) => void;
}

/** Listens, and begins again whenever the browser ends it, until the answer is called or something is wrong. */
export function listen({ language, saying, command, hearing }: Listening): () => void {
  const Recogniser = recogniserOf();
  if (!Recogniser) {
    hearing('unknown_here');
    return () => undefined;
  }
  let wanted = true;
  let shortLives = 0;
  let began = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const recogniser = new Recogniser();
  // One sentence is heard many times while it grows; only its first command counts.
  const answered = new Set<number>();

  function giveUp(why: Hearing): void {
    if (!wanted) return;
    wanted = false;
    clearTimeout(timer);
    hearing(why);
  }

  function begin(): void {
    if (!wanted) return;
    answered.clear();
    began = performance.now();
    try {
      recogniser.start();
      hearing('listening');
    } catch {
      giveUp('failed');
    }
  }

  recogniser.lang = language;
  recogniser.continuous = true;
  recogniser.interimResults = true;
  recogniser.onresult = ({ resultIndex, results }) => {
    shortLives = 0;
    for (let at = resultIndex; at < results.length; at += 1) {
      const heard = results[at]?.[0]?.transcript ?? '';
      const found = wanted && !answered.has(at) ? commandIn(heard, saying()) : null;
      if (!found) continue;
      answered.add(at);
      command(found);
    }
  };
  recogniser.onerror = ({ error }) => {
    if (!HARMLESS.includes(error)) giveUp(TROUBLE[error] ?? 'failed');
  };
  recogniser.onend = () => {
    shortLives = performance.now() - began < SHORT_LIFE_MS ? shortLives + 1 : 0;
    if (shortLives >= MOST_SHORT_LIVES) giveUp('failed');
    else if (wanted) timer = setTimeout(begin, AGAIN_MS);
  };
  begin();
  return () => {
    wanted = false;
    clearTimeout(timer);
    try {
      recogniser.abort();
    } catch {
      // It was not running.
    }
    hearing('off');
  };
}
