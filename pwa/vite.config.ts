/** How the phone app is built: screens as separate chunks, one service worker, compressed copies beside the files. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { apiDocs } from './build/api-docs.ts';
import { appVersion } from './build/app-version.ts';
import { serviceWorker } from './build/service-worker.ts';
import { workerTexts } from './build/worker-texts.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const alias = { $care: fileURLToPath(new URL('../server/care', import.meta.url)) };
const api = process.env.FOOTWELL_DEV_API ?? 'http://localhost:8000';
// The server takes writes from its own address only, and here the page has another one.
const proxied = { target: api, changeOrigin: true, headers: { origin: api } };
const version = appVersion([
  `${here}src`,
  `${here}index.html`,
  `${here}public`,
  `${here}package-lock.json`,
  alias.$care,
]);
const define = {
  __APP_VERSION__: JSON.stringify(version),
  __WORKER_TEXTS__: JSON.stringify(workerTexts(`${alias.$care}/text`)),
};

// Many small files compress badly and cost a request each. What the first page needs, whoever opens it, goes into one
// file; what several of a patient's other screens need goes into few, and none of them waits for what it does not need.
const first = [
  'node_modules/',
  'src/(api|sync)/|src/(push|store)/(?!badge|moments)',
  'src/(context|entrances|localtime|patient\\.svelte|router|theme|update)\\.ts',
  'src/(App|Screen)\\.svelte',
  'src/online/care-settings\\.ts',
  'src/components/(Button|Card|Confirm|Dialog|Icon|Notice|Toaster|TopBar)\\.svelte',
  'src/components/(from-phone|icons|questions\\.svelte|tap|toasts\\.svelte)\\.ts',
  'src/text/(index\\.ts|en/(frame|today)\\.ts)',
  'care/(region\\.ts|emergency_numbers\\.json)',
];
const groups = [
  { name: 'way-in', priority: 3, test: /\/src\/text\/en\/account\.ts/ },
  { name: 'first', priority: 2, test: new RegExp(`/(${first.join('|')})`) },
  {
    name: 'shared',
    priority: 1,
    test: /\/src\/|\/care\//,
    minShareCount: 2,
    entriesAware: true,
    entriesAwareMergeThreshold: 6_000,
  },
];

export default defineConfig({
  root: here,
  plugins: [svelte(), apiDocs(), serviceWorker({ entry: `${here}src/sw/sw.ts`, alias, define })],
  resolve: { alias },
  define,
  build: {
    outDir: '../server/web',
    emptyOutDir: true,
    target: ['es2022', 'chrome111', 'firefox114', 'safari16.4'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        codeSplitting: { groups },
        chunkFileNames: ({ name }) =>
          name.startsWith('shared') ? 'assets/shared-[hash].js' : 'assets/[name]-[hash].js',
      },
    },
  },
  server: {
    fs: { allow: ['..'] },
    proxy: { '/api': proxied, '/healthz': proxied, '/readyz': proxied },
  },
  // `.live.ts` needs a running server, whose address is then in the environment.
  test: { include: [process.env.FOOTWELL_SITE ? 'src/**/*.live.ts' : 'src/**/*.test.ts'], environment: 'node' },
});
