/** The moment now, as a rune that moves with the clock and when the app is looked at again. */

const everyMs = 30_000;

/** Call while a component starts. */
export function liveNow(): { readonly value: Date } {
  let value = $state.raw(new Date());
  $effect(() => {
    const look = () => {
      value = new Date();
    };
    const timer = setInterval(look, everyMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  });
  return {
    get value() {
      return value;
    },
  };
}
