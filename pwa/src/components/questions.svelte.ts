/** Yes-or-no questions that any screen may ask: `if (await ask({…}))`. */

export interface Question {
  title: string;
  text?: string;
  yes: string;
  no: string;
  /** `stop` for what cannot be taken back. */
  tone?: 'primary' | 'stop';
}

interface Asked extends Question {
  answer: (yes: boolean) => void;
}

export const questions = $state<{ asked: Asked | null }>({ asked: null });

/** Asks over the screen; closing the question without an answer is "no". */
export function ask(question: Question): Promise<boolean> {
  questions.asked?.answer(false);
  return new Promise((resolve) => {
    questions.asked = {
      ...question,
      answer: (yes) => {
        questions.asked = null;
        resolve(yes);
      },
    };
  });
}
