/** What can be read on each screen: the keys that its file names, and those of the parts and tables it is made of. */

const ours = import.meta.glob<string>(
  ['../**/*.{svelte,ts}', '!../**/*.{test,live}.ts', '!../text/**', '!../testing/**'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
);
const tables = import.meta.glob<string>('../../../server/care/*.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const files: Readonly<Record<string, string>> = { ...ours, ...tables };

const imported = /(?:from|import\()\s*'((?:\.|\$care\/)[^']+)'/g;
/** `'today.help'`, or put together at run time: `learn.${id}.title`. */
const key = /(['"`])(\w+(?:\.(?:\w|\$\{[^}]*\})+)+)\1/g;

/** Where an import leads, as a name of `files`. */
function follow(from: string, to: string): string | undefined {
  if (to.startsWith('$care/')) return to.replace('$care', '../../../server/care');
  const path = new URL(to, `file:///${from.replace('../', 'src/')}`).pathname.replace('/src/', '../');
  return [path, `${path}.ts`].find((name) => name in files);
}

/** The keys that a file names. */
function named(file: string, keys: readonly string[]): string[] {
  return [...(files[file] ?? '').matchAll(key)].flatMap(([, , name = '']) => {
    const shape = new RegExp(`^${name.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '[\\w.]+')}$`);
    return keys.filter((one) => shape.test(one));
  });
}

/** A screen's file and what it is made of. Another screen is a screen of its own. */
function partsOf(screen: string): Set<string> {
  const parts = new Set([screen]);
  for (const part of parts) {
    for (const [, to = ''] of (files[part] ?? '').matchAll(imported)) {
      const next = follow(part, to);
      if (next && !next.startsWith('../screens/')) parts.add(next);
    }
  }
  return parts;
}

/** Each screen, by the name of its file, with the keys of all that it may show. The frame stands around all of them. */
export function screenKeys(keys: readonly string[]): Map<string, string[]> {
  const screens = Object.keys(ours).filter((name) => /^\.\.\/(screens\/.*|App|Frame|Screen)\.svelte$/.test(name));
  return new Map(
    screens.map((screen) => [
      screen.replace(/.*\/(.*)\.svelte/, '$1'),
      [...new Set([...partsOf(screen)].flatMap((part) => named(part, keys)))],
    ]),
  );
}

/** The keys that nothing names. */
export function unnamed(keys: readonly string[]): string[] {
  const known = new Set(Object.keys(files).flatMap((file) => named(file, keys)));
  return keys.filter((one) => !known.has(one));
}
