interface Waiting {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

/** What each signal ends: a thousand calls with one signal are one listener, or Node would warn of a leak. */
const WAITING = new WeakMap<AbortSignal, Waiting>();

/** Calls back when the signal, which is not aborted yet, is aborted. Gives what ends that. */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const waiting = WAITING.get(signal) ?? listen(signal);
  const { callbacks, listener } = waiting;
  // Its own, so that the same function can wait twice.
  const own = () => callback();
  callbacks.add(own);
  return () => {
    callbacks.delete(own);
    if (callbacks.size > 0 || WAITING.get(signal) !== waiting) return;
    WAITING.delete(signal);
    signal.removeEventListener('abort', listener);
  };
}

function listen(signal: AbortSignal): Waiting {
  const callbacks = new Set<() => void>();
  const listener = () => {
    WAITING.delete(signal);
    for (const callback of callbacks) callback();
  };
  const waiting: Waiting = { callbacks, listener };
  WAITING.set(signal, waiting);
  signal.addEventListener('abort', listener, { once: true });
  return waiting;
}
