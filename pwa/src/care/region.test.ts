import { expect, it } from 'vitest';
import { consents, hasNewerText } from './region';

it('a newer text is asked about, the same one and one of a newer app are not', () => {
  const agreed = (version: string) => hasNewerText('health_data', { health_data: { version } });
  expect(['2026-11-22', consents.health_data.version, '2999-01-01'].map(agreed)).toEqual([true, false, false]);
  expect(hasNewerText('health_data', {})).toBe(false);
});
