/** The short messages above the screen; most of them offer Undo for ten seconds. */

export interface Toast {
  id: number;
  text: string;
  undo: (() => unknown) | null;
}

export const toasts = $state<{ shown: Toast | null }>({ shown: null });

let lastId = 0;

/** Shows one message. With `undo` it stays ten seconds and has a button. A newer message replaces an older one. */
export function showToast(text: string, undo: (() => unknown) | null = null): void {
  lastId += 1;
  toasts.shown = { id: lastId, text, undo };
}

export function hideToast(id: number): void {
  if (toasts.shown?.id === id) toasts.shown = null;
}
