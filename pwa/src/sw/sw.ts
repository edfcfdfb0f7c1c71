/** The service worker: which event is handled by what. */
export {};
