/** The words of a sign: its own, or those of the warning before a session, or of the foot check, that says the same. */
import type { Finding } from '../feet/check';
import { findingWords } from '../feet/words';
import { findCare } from '../text/care';
import type { TriageEvent } from './events';

export const signTitle = (name: string): string =>
  findCare(`triage.${name}.title`) ?? findCare(`warning.${name}.title`) ?? findCare(`foot.sign.${name}.title`) ?? name;

export const signHint = (name: string, british: boolean): string | undefined =>
  findCare(`triage.${name}.help`) ??
  ((british && findCare(`warning.${name}.help_gb`)) || findCare(`warning.${name}.help`));

/** `findings` are those of the foot check that told the signs: they say where. */
export function signsOf({ signs }: Pick<TriageEvent, 'signs'>, findings: readonly Finding[] = []): string {
  const words = signs.flatMap((sign) => {
    const found = findings.filter((one) => one.sign === sign);
    return found.length > 0 ? found.map(findingWords) : [signTitle(sign)];
  });
  return words.join(' · ');
}
