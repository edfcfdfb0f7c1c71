import { expect, it } from 'vitest';
import { glucoseUnitOf, regionOf, zonesToChoose } from './from-phone';

it.each([
  ['America/New_York', 'US', 'mg/dL'],
  ['America/Indiana/Knox', 'US', 'mg/dL'],
  ['Pacific/Honolulu', 'US', 'mg/dL'],
  ['Europe/London', 'GB', 'mmol/L'],
  ['Europe/Dublin', 'IE', 'mmol/L'],
  ['Europe/Berlin', 'EU', 'mg/dL'],
  ['Europe/Stockholm', 'EU', 'mmol/L'],
  ['America/Toronto', 'OTHER', 'mmol/L'],
  ['Asia/Tokyo', 'OTHER', 'mg/dL'],
])('a phone in %s is in region %s and measures in %s', (zone, region, unit) => {
  expect(regionOf(zone)).toBe(region);
  expect(glucoseUnitOf(zone)).toBe(unit);
});

it('a zone the phone does not list can still be chosen', () => {
  expect(zonesToChoose('Mars/Base').map(({ value }) => value)).toContain('Mars/Base');
});
