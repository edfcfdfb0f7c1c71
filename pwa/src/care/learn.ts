/** What Learn shows: topics in order, the technique cards and the pressure spots, and the sources. Sentences by key. */
import learnJson from '$care/learn.json';
import techniquesJson from '$care/techniques.json';
import { type Region, type Step, scripts } from './scripts';

export interface Topic {
  readonly id: string;
  readonly icon: 'smile' | 'foot' | 'clock' | 'check' | 'call' | 'log' | 'help';
  readonly sections: readonly { title: string; list: readonly string[] }[];
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
  readonly year: number;
  readonly url: string;
}

export const topics = learnJson.topics as unknown as readonly Topic[];
export const sources: readonly Source[] = learnJson.sources;
export const techniques = techniquesJson.techniques as unknown as readonly Technique[];
export const spots = techniquesJson.spots as unknown as readonly Spot[];

/** The step of a script whose drawing shows it. */
export function sceneStep(name: string, foot: 'left' | 'right' = 'left'): Step | undefined {
  return scripts.flatMap(({ steps }) => steps).find(({ key }) => key === `${name}_${foot}`);
}
