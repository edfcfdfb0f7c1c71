/** The clinical tables as the build brings them in; the only place that trusts the shape of their JSON. */
import allowedScriptsJson from '$care/allowed_scripts.json';
import bathWaterJson from '$care/bath_water.json';
import blockEndJson from '$care/block_end.json';
import bookTriggersJson from '$care/book_triggers.json';
import footCheckJson from '$care/foot_check.json';
import footExamJson from '$care/foot_exam.json';
import glucoseActionJson from '$care/glucose_action.json';
import glucoseKetonesJson from '$care/glucose_ketones.json';
import glucoseLabelJson from '$care/glucose_label.json';
import glucosePreExerciseJson from '$care/glucose_pre_exercise.json';
import heatGateJson from '$care/heat_gate.json';
import lowReadingJson from '$care/low_reading.json';
import ownTechniquesJson from '$care/own_techniques.json';
import profileGateJson from '$care/profile_gate.json';
import programmeGateJson from '$care/programme_gate.json';
import sessionGateJson from '$care/session_gate.json';
import sessionStopJson from '$care/session_stop.json';
import shoeCheckJson from '$care/shoe_check.json';
import skinTemperatureJson from '$care/skin_temperature.json';
import symptomChangeJson from '$care/symptom_change.json';
import triageJson from '$care/triage.json';
import type { Table } from './rules';

function table(json: unknown): Table {
  const read = json as Omit<Table, 'outcome'> & { readonly outcome?: Table['outcome'] };
  return { ...read, outcome: read.outcome ?? {} };
}

export const profileGate = table(profileGateJson);
export const allowedScripts = table(allowedScriptsJson);
export const ownTechniquesTable = table(ownTechniquesJson);
export const sessionGate = table(sessionGateJson);
export const blockEndTable = table(blockEndJson);
export const lowReading = table(lowReadingJson);
export const sessionStop = table(sessionStopJson);
export const triageTable = table(triageJson);
export const bookTriggers = table(bookTriggersJson);
export const programmeGate = table(programmeGateJson);
export const glucoseLabel = table(glucoseLabelJson);
export const glucoseKetones = table(glucoseKetonesJson);
export const glucoseAction = table(glucoseActionJson);
export const glucosePreExercise = table(glucosePreExerciseJson);
export const symptomChange = table(symptomChangeJson);
export const heatGate = table(heatGateJson);
export const bathWater = table(bathWaterJson);
export const footCheckTable = table(footCheckJson);
export const skinTemperature = table(skinTemperatureJson);
export const footExamTable = table(footExamJson);
export const shoeCheckTable = table(shoeCheckJson);

/** The newest date among the tables: what a decision is stamped with. */
export const rulesVersion = [
  profileGate,
  allowedScripts,
  ownTechniquesTable,
  sessionGate,
  blockEndTable,
  lowReading,
  sessionStop,
  triageTable,
  bookTriggers,
  programmeGate,
  glucoseLabel,
  glucoseKetones,
  glucoseAction,
  glucosePreExercise,
  symptomChange,
  heatGate,
  bathWater,
  footCheckTable,
  skinTemperature,
  footExamTable,
  shoeCheckTable,
].reduce((newest, one) => (one.rules_version > newest ? one.rules_version : newest), '');
