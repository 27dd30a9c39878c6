import type { DnsErrorCode } from './error.js';
import type { Outcome } from './exchange.js';
import { TimeIsOver } from './limit.js';

/** A server that is silent is asked after the others for so long, ms. */
const REST_MS = 30_000;
/** What says that nobody is there. */
const SILENT: readonly DnsErrorCode[] = ['TIMEOUT', 'UNREACHABLE'];
/** So long at the least a server must have been silent when the time of who asked was over, ms: else that says nothing of it. */
const SILENCE_MS = 500;

/** Until when a server is asked after the others, by the monotonic clock, ms; null: it is not known to be silent. */
export type Rest = number | null;

/**
 * What is known of a server after it was asked: one that said anything at all is there.
 *
 * @param ms how long it was waited for
 */
export function restAfter(rest: Rest, outcome: Outcome, ms: number, now: number): Rest {
  if (outcome.kind !== 'failure') return null;
  const { code, cause } = outcome;
  if (code === 'ABORTED') return cause instanceof TimeIsOver && ms >= SILENCE_MS ? now + REST_MS : rest;
  return SILENT.includes(code) ? now + REST_MS : null;
}

/**
 * What is known of a server that is about to be asked first. Its rest may be over, and nobody knows yet whether it answers: until
 * that is known it rests on, for all others. So one question in 30 s is what a dead server costs.
 */
export function restWhileAsked(rest: Rest, now: number): Rest {
  return rest === null ? null : now + REST_MS;
}

/** The servers in the order in which a question is put to them: those that rest come last, else the order of the list holds. */
export function askingOrder<S extends { readonly rest: Rest }>(servers: readonly S[], now: number): readonly S[] {
  const rests = ({ rest }: S) => rest !== null && now < rest;
  if (!servers.some(rests)) return servers;
  return [...servers.filter((server) => !rests(server)), ...servers.filter(rests)];
}
