/** Light, dark or as the phone says; kept on this phone only. */

export type Theme = 'system' | 'light' | 'dark';

const name = 'footwell.theme';
const dark = () => matchMedia('(prefers-color-scheme: dark)');

/** What the patient chose. A phone that refuses to remember follows the system. */
export function chosenTheme(): Theme {
  try {
    const kept = localStorage.getItem(name);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}

export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(name, theme);
  } catch {
    // The choice then holds until the app is closed.
  }
  show(theme);
}

/** Shows the kept theme and follows the phone when it changes. Call before the first screen. */
export function startTheme(): void {
  show(chosenTheme());
  dark().addEventListener('change', () => show(chosenTheme()));
}

function show(theme: Theme): void {
  const isDark = theme === 'dark' || (theme === 'system' && dark().matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    meta.content = isDark ? '#10191A' : '#FAF6EF';
  }
}
