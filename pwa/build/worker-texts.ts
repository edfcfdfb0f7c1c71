/** The sentences that the service worker itself needs, picked from the clinical texts of every language. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NEEDED = /^push\.(unknown|already_done)\./;

export function workerTexts(folder: string): Record<string, Record<string, string>> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(files.map((name) => [name.slice(0, -'.json'.length), needed(join(folder, name))]));
}

function needed(path: string): Record<string, string> {
  const all = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  return Object.fromEntries(Object.entries(all).filter(([key]) => NEEDED.test(key)));
}
