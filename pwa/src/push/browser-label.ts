/** A name the patient knows this browser by, and whether it is an iPhone tab that must be installed first. */

const BROWSERS: [RegExp, string][] = [
  [/EdgA?\/|EdgiOS\//, 'Edge'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/CrOS/, 'Chromebook'],
  [/Mac OS X/, 'Mac'],
  [/Windows/, 'Windows'],
  [/Linux/, 'Linux'],
];

export function browserLabel(userAgent: string, touchPoints: number): string {
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'Browser';
  return `${browser}, ${systemOf(userAgent, touchPoints)}`;
}

/** On iPhone and iPad only the app on the Home Screen can receive push messages. */
export function installFirst(userAgent: string, touchPoints: number, installed: boolean): boolean {
  return !installed && ['iPhone', 'iPad'].includes(systemOf(userAgent, touchPoints));
}

function systemOf(userAgent: string, touchPoints: number): string {
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'phone';
  // An iPad says it is a Mac; no Mac has a touch screen.
  return system === 'Mac' && touchPoints > 1 ? 'iPad' : system;
}
