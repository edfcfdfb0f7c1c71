/** Ignores the second of two taps that come closer together than a hand means. */

const tooSoonMs = 400;

/** Wraps a click handler; a tap less than 400 ms after the last one is dropped. */
export function once<E extends Event>(handle: (event: E) => unknown): (event: E) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.timeStamp - last < tooSoonMs) {
      event.preventDefault();
      return;
    }
    last = event.timeStamp;
    void handle(event);
  };
}
