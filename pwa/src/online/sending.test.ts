import { expect, test, vi } from 'vitest';
import { sendingFault } from './sending';

const server = vi.hoisted(() => ({ says: {} }));
vi.mock('../api/typed', () => ({ api: { GET: () => server.says }, body: async (said: unknown) => said }));

test.each([
  [{ worker_alive: true, push_fault: null }, null],
  [{ worker_alive: true, push_fault: 'refused' }, 'refused'],
  [{ worker_alive: true, push_fault: 'no_contact' }, 'no_contact'],
  [{ worker_alive: false, push_fault: 'refused' }, 'worker'],
  [{ items: [] }, null],
])('what stops the server: %o', async (said, fault) => {
  server.says = said;
  expect(await sendingFault()).toBe(fault);
});
