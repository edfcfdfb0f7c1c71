/** A new part of a screen starts at its top, and a screen reader starts at its heading. */
export function arrive(): void {
  scrollTo(0, 0);
  document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
}
