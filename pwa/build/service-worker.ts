/** Builds `src/sw/sw.ts` to `/sw.js` with the list of built files in it, and a `.br` and `.gz` beside each text file. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { type Alias, build, type Plugin } from 'vite';

interface Options {
  entry: string;
  alias: Record<string, string>;
  define: Record<string, string>;
}

const TEXT = /\.(html|js|css|svg|json|webmanifest)$/;
// Store pictures and the big icons are for the system's install dialog, the API's page is for developers.
const NOT_NEEDED_OFFLINE = /^\/(docs\/|screenshots\/|icons\/(icon-512|maskable-512|apple-touch-icon))|\.map$/;

export function serviceWorker(options: Options): Plugin {
  let folder = '';
  return {
    name: 'footwell-service-worker',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    // Only after everything was written: a build that failed says its own reason.
    async writeBundle() {
      await buildWorker(options, folder);
      for (const path of filesIn(folder)) if (TEXT.test(path)) compress(path);
    },
  };
}

async function buildWorker({ entry, alias, define }: Options, folder: string): Promise<void> {
  const precache = filesIn(folder)
    .map((path) => ({ path: `/${relative(folder, path).split(sep).join('/')}`, body: readFileSync(path) }))
    .filter(({ path }) => !NOT_NEEDED_OFFLINE.test(path))
    .map(({ path, body }) => ({ path, revision: path.startsWith('/assets/') ? null : sha(body) }));
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    resolve: { alias: alias as Alias[] | Record<string, string> },
    define: { ...define, __PRECACHE__: JSON.stringify(precache) },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: ['es2022', 'chrome111', 'firefox114', 'safari16.4'],
      reportCompressedSize: false,
      rolldownOptions: { input: entry, output: { format: 'iife', entryFileNames: 'sw.js' } },
    },
  });
}

function compress(path: string): void {
  const body = readFileSync(path);
  if (body.length < 512) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
  writeFileSync(`${path}.br`, brotliCompressSync(body, { params }));
  writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function sha(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 12);
}
