/** Short names for the shapes of the contract. Nothing is described here: `schema.d.ts` is generated from it. */
import type { components } from './schema';

type Schemas = components['schemas'];

/** What only the server adds: a record that the phone makes has it after the server's first answer. */
type Added = 'updated_at' | 'rules_differ' | 'not_sent' | 'follows_plan';

/** A reply: the contract marks as required only what a request needs, but the server sends every member. */
export type Whole<T> = T extends (infer Item)[]
  ? Whole<Item>[]
  : T extends object
    ? { -readonly [Name in keyof T as Exclude<Name, Added>]-?: Whole<T[Name]> } & {
        -readonly [Name in keyof T as Extract<Name, Added>]?: Whole<T[Name]>;
      }
    : T;

export type Decision = Whole<Schemas['Decision']>;
export type Me = Whole<Schemas['Me']>;
export type Profile = Whole<Schemas['Profile']>;
export type SessionLog = Whole<Schemas['SessionLog']>;
export type SymptomEntry = Whole<Schemas['SymptomEntry']>;
export type Block = Whole<Schemas['Block']>;
export type Clearance = Whole<Schemas['Clearance']>;
export type ComfortLog = Whole<Schemas['ComfortLog']>;
export type TriageEvent = Whole<Schemas['TriageEvent']>;
/** `source` is the server's: null for a reading that was typed. */
export type GlucoseReading = Omit<Whole<Schemas['GlucoseReading']>, 'source'> & { readonly source?: string | null };
export type FootCheck = Whole<Schemas['FootCheck']>;
export type ShoeCheck = Whole<Schemas['ShoeCheck']>;
export type SourceCount = Whole<Schemas['StepSource']>;
export type StepChange = Whole<Schemas['StepChange']>;
export type StepCount = Whole<Schemas['StepCount']>;
export type StepGoal = Whole<Schemas['StepGoal']>;
export type Plan = Whole<Schemas['Plan']>;
export type Reminder = Whole<Schemas['Reminder']>;
export type Occurrence = Whole<Schemas['Occurrence']>;
export type Wearable = Whole<Schemas['Wearable']>;
export type AccessToken = Whole<Schemas['AccessToken']>;
export type PushSubscriptionItem = Whole<Schemas['PushSubscription']>;

export type SignUp = Schemas['SignUp'];
export type NewAccessToken = Whole<Schemas['CreatedAccessToken']>;
export type Arrival = Whole<Schemas['Arrival']>;
export type TestPushResult = Whole<Schemas['TestResult']>;
export type Insights = Whole<Schemas['Insights']>;
export type CareSettings = Whole<Schemas['CareSettings']>;
export type ChangesPage = Whole<Schemas['Changes']>;
