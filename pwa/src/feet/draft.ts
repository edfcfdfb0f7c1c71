/** A foot check on its way: kept on the phone until it is saved. */
import { feet, type Result, type Unit } from '../care/feet';
import { footCheckTable, triageTable } from '../care/tables';
import type { Answer, Finding, FootCheck, Told } from './check';
import { readTemperatures, type Typed, typedOf } from './temperatures';

export interface Draft {
  id: string;
  on: string;
  result: Result;
  findings: Finding[];
  replies: Record<string, Answer>;
  unit: Unit;
  typed: Typed;
  note: string;
}

export const draftName = (check: string | null, on: string): string => `foot_check ${check ?? on}`;

export function newDraft(id: string, on: string, unit: Unit): Draft {
  return { id, on, result: 'all_clear', findings: [], replies: {}, unit, typed: {}, note: '' };
}

export function draftOf(check: FootCheck, unit: Unit): Draft {
  const inputs = check.decision?.inputs ?? {};
  const asked = [...footCheckTable.inputs, ...triageTable.inputs].filter(({ after }) => after !== undefined);
  const replies = asked.flatMap(({ name }): [string, Answer][] => {
    const reply = inputs[name];
    return reply === 'yes' || reply === 'no' || reply === 'not_sure' ? [[name, reply]] : [];
  });
  return {
    id: check.id,
    on: check.on,
    result: check.result,
    findings: check.findings,
    replies: Object.fromEntries(replies),
    unit: check.temperature_unit === null ? unit : check.temperature_unit,
    typed: typedOf(check.temperatures),
    note: check.note ?? '',
  };
}

/** The unit of the last check that measured something, else that of the region. */
export function usualUnit(checks: readonly FootCheck[], region: string | undefined): Unit {
  const measured = checks.filter(({ temperature_unit }) => temperature_unit !== null);
  const last = measured.sort((a, b) => b.recorded_at.localeCompare(a.recorded_at))[0];
  return last?.temperature_unit ?? (region === 'US' ? 'F' : 'C');
}

export function toldIn(draft: Draft): Told {
  const { result, findings, replies, unit, typed, note } = draft;
  return { result, findings, replies, unit, readings: readTemperatures(typed, unit).readings, note };
}

export const measuredSpots = ({ typed }: Draft): number =>
  feet.spots.filter((spot) => (typed[spot]?.left ?? '').trim() !== '' && (typed[spot]?.right ?? '').trim() !== '')
    .length;
