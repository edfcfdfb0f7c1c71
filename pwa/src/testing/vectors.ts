/** What Python answered to common questions: `make_vectors.py` writes it, and the phone must answer the same. */

// A glob, because it is empty, not an error of the build, when the file is not there.
const files = import.meta.glob<string>('../../../.cache/vectors.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export function readVectors<T>(): T {
  const [text] = Object.values(files);
  if (text === undefined) {
    throw new Error('No .cache/vectors.json. Write it first, in the root: .venv/bin/python -m tests.care.make_vectors');
  }
  return JSON.parse(text) as T;
}
