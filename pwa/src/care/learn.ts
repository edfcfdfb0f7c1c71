/** What Learn shows: topics in order, the technique cards and the pressure spots, and the sources. Sentences by key. */
import learnJson from '$care/learn.json';
import techniquesJson from '$care/techniques.json';
import type { ProfileOutcome } from './decisions';
import { type Region, type Step, scripts } from './scripts';

export interface Section {
  readonly title: string;
  readonly list: readonly string[];
  readonly sugar?: true;
}

export interface Topic {
  readonly id: string;
  readonly icon:
    | 'smile'
    | 'foot'
    | 'clock'
    | 'check'
    | 'look'
    | 'shoe'
    | 'heat'
    | 'steps'
    | 'sugar'
    | 'call'
    | 'log'
    | 'help';
  readonly sections: readonly Section[];
  /** Only for people with diabetes. */
  readonly sugar?: true;
  /** To be said in one's own words; the answer is a point or more. */
  readonly ask?: { readonly question: string; readonly answer: readonly string[] };
  /** The screen where it is done. */
  readonly tool?: { readonly path: string; readonly title: string };
  /** Other topics that go on from here. */
  readonly see?: readonly string[];
}

export interface Technique {
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
  readonly most_pressure: number;
  readonly hands: string;
  readonly direction: string;
  readonly pressure: string;
  readonly count: string;
  readonly mistakes: readonly string[];
  readonly skip_if: readonly string[];
  /** Flags of the profile's outcome: one of them, and it is not for this person now. */
  readonly left_out_by: readonly string[];
  /** The modes that may have it; any other has not. */
  readonly modes: readonly string[];
  readonly scene: string;
}

export interface Spot {
  readonly id: string;
  readonly region: Region;
  readonly scene: string;
  readonly text: string;
}

export interface Source {
  readonly publisher: string;
  readonly title: string;
  /** Missing where the page tells none. */
  readonly year?: number;
  readonly url: string;
}

export interface SourceGroup {
  readonly title: string;
  readonly list: readonly Source[];
}

export const topics = learnJson.topics as unknown as readonly Topic[];
export const sources: readonly SourceGroup[] = learnJson.sources;
export const techniques = techniquesJson.techniques as unknown as readonly Technique[];
export const spots = techniquesJson.spots as unknown as readonly Spot[];

/** What is left when the sugar diary is hidden; who never said so sees it all. */
export function readable<T extends Topic | Section>(parts: readonly T[], glucose_on: boolean | null | undefined): T[] {
  return parts.filter(({ sugar }) => !sugar || glucose_on !== false);
}

/** Whether a technique is for this person now, by flags and mode. Anything unclear is no. */
export function isFor({ left_out_by, modes }: Technique, { flags, mode }: Partial<ProfileOutcome>): boolean {
  if (!Array.isArray(flags) || mode === undefined) return false;
  return modes.includes(mode) && !left_out_by.some((flag) => flags.includes(flag));
}

/** The step of a script whose drawing shows it. */
export function sceneStep(name: string, foot: 'left' | 'right' = 'left'): Step | undefined {
  return scripts.flatMap(({ steps }) => steps).find(({ key }) => key === `${name}_${foot}`);
}
