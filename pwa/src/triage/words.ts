/** The words of a sign: its own, or those of the warning before a session, or of the foot check, that says the same. */
import { findCare } from '../text/care';
import type { TriageEvent } from './events';

export const signTitle = (name: string): string =>
  findCare(`triage.${name}.title`) ?? findCare(`warning.${name}.title`) ?? findCare(`foot.sign.${name}.title`) ?? name;

export const signHint = (name: string, british: boolean): string | undefined =>
  findCare(`triage.${name}.help`) ??
  ((british && findCare(`warning.${name}.help_gb`)) || findCare(`warning.${name}.help`));

export const signsOf = ({ signs }: Pick<TriageEvent, 'signs'>): string => signs.map(signTitle).join(' · ');
