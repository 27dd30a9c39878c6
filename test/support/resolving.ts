import type { Backend, DnsErrorCode, ResolverOptions } from '../../src/dns/index.js';
import { DnsError, Resolver } from '../../src/dns/index.js';
import { Stop } from '../../src/dns/stop.js';

/** The `DnsError` that a promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<DnsError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
  if (outcome instanceof DnsError) return outcome;
  throw new Error('expected a DnsError', { cause: outcome });
}

/** The code of the `DnsError` that a promise is rejected with. */
export async function codeOf(promise: Promise<unknown>): Promise<DnsErrorCode> {
  return (await errorOf(promise)).code;
}

/** A clock that goes only when it is told to. */
export class ManualClock {
  ms = 1_000_000;

  readonly read = (): number => this.ms;

  pass(seconds: number): void {
    this.ms += seconds * 1000;
  }
}

/** A resolver that asks one server on loopback, and looks at no hosts file. */
export function resolverOf(
  server: { readonly address: string } | readonly { readonly address: string }[],
  options: ResolverOptions = {},
): Resolver {
  const servers = ('address' in server ? [server] : server).map(({ address }) => address);
  return new Resolver({ servers, hosts: false, timeoutMs: 5000, ...options });
}

/** A stop that has come already. */
export function stopped(reason?: unknown): Stop {
  const stop = new Stop();
  stop.abort(reason);
  return stop;
}

/** What c-ares rejects with. */
export function caresError(code: string): Error {
  return Object.assign(new Error(`query ${code}`), { code });
}

/** A backend that answers each question by a function of its method and name, and counts what is cancelled. */
export function plainBackend(
  answer: (method: string, name: string) => unknown,
): Backend & { readonly cancelled: number } {
  const counts = { cancelled: 0 };
  return new Proxy({} as Backend & { readonly cancelled: number }, {
    get: (_, method: string) => {
      if (method === 'cancelled') return counts.cancelled;
      if (method === 'cancel') return () => void counts.cancelled++;
      return async (name: string) => answer(method, name);
    },
  });
}

/** A promise, and what settles it. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
