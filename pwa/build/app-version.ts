/** A word for what the app is built from: it changes when a source file changes, and only then. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export function appVersion(sources: string[]): string {
  const hash = createHash('sha256');
  for (const source of sources) for (const file of filesIn(source)) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !name.startsWith('__') && !name.endsWith('.py'))
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}
