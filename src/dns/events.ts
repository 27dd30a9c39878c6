import { channel } from 'node:diagnostics_channel';
import type { AnswerSource } from './answer.js';
import type { Attempt, DnsErrorCode, Question } from './error.js';
import type { RecordType } from './records.js';

/** On `inaddr:dns:query`: a question of a caller has ended. */
export interface QueryEvent {
  /** As it was asked. */
  readonly question: Question;
  readonly outcome: 'ANSWER' | DnsErrorCode;
  /** Where the answer came from; null without one. */
  readonly source: AnswerSource | null;
  readonly stale: boolean;
  readonly partial: boolean;
  readonly ms: number;
}

/** On `inaddr:dns:attempt`: a question to a server has ended. */
export interface AttemptEvent extends Attempt {
  readonly name: string;
  readonly type: RecordType;
}

/** On `inaddr:dns:cache`: what the cache, or the shared store, had or took. */
export interface CacheEvent {
  /**
   * - `hit`: a fresh answer, or a failure that is still remembered. `miss`: neither.
   * - `stale`: an answer whose time is over is given.
   * - `shared`: the shared store had the answer.
   * - `set`: an answer of a server is kept, if its TTL lets it. `fail`: a failure is.
   */
  readonly event: 'hit' | 'miss' | 'stale' | 'shared' | 'set' | 'fail';
  readonly name: string;
  readonly type: RecordType;
}

export const queryChannel = channel('inaddr:dns:query');
export const attemptChannel = channel('inaddr:dns:attempt');
export const cacheChannel = channel('inaddr:dns:cache');
