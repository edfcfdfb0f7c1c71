/** Constants that the build puts in place (`vite.config.ts`). */

/** A word that differs between two builds of the app. */
declare const __APP_VERSION__: string;

/** The built files that the service worker keeps, so that the first offline start has all of them. */
declare const __PRECACHE__: { path: string; revision: string | null }[];

/** The worker's sentences by language and key. */
declare const __WORKER_TEXTS__: Record<string, Record<string, string>>;
