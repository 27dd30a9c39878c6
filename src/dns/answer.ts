import type { DnsErrorCode } from './error.js';
import type { AddressRecord, DnsRecord, RecordOf, RecordType } from './records.js';

/** Where an answer came from. */
export type AnswerSource = 'network' | 'cache' | 'hosts' | 'literal' | 'special-use';

/** Where the addresses of one family came from, or why there are none. */
export interface FamilyAnswer {
  readonly records: number;
  readonly ttl: number | null;
  readonly source: AnswerSource | null;
  readonly stale: boolean;
  /** Why there is no answer; null when there is one. */
  readonly error: DnsErrorCode | null;
}

/** The answer to a question. */
export interface Answer<R extends DnsRecord = DnsRecord> {
  /** The name that was answered, lower case, ASCII, without a trailing dot; of a search list the one that was found. */
  readonly name: string;
  /** The type that was asked for; null for the addresses of both families. */
  readonly type: RecordType | null;
  readonly records: readonly R[];
  /** Seconds, the least of all records; null where Node gives none. */
  readonly ttl: number | null;
  readonly source: AnswerSource;
  /** Its time is over, and the servers gave none (RFC 8767). */
  readonly stale: boolean;
  /** One family of two has failed, and may have had addresses. */
  readonly partial: boolean;
  /** For both families, what came from where; null for one type. */
  readonly families: { readonly A: FamilyAnswer; readonly AAAA: FamilyAnswer } | null;
}

/** Bounds of one call. */
export interface ResolveOptions {
  readonly signal?: AbortSignal | undefined;
  /** The whole call, ms. Default: the resolver's. */
  readonly timeoutMs?: number | undefined;
}

/** Which addresses are asked for, and in which order they are given. */
export type AddressFamilies = 'any' | 4 | 6 | 'v4first' | 'v6first';

/** What can be asked for names, as a `Resolver` can. */
export interface CanResolve {
  /** Which addresses it asks for when no type is given: who asks for each type apart keeps to it. Default: 'any'. */
  readonly family?: AddressFamilies | undefined;
  /** Whether it completes names: then both types must be asked for at once, or they may be of different names. Default: false. */
  readonly searches?: boolean | undefined;
  /** The addresses of a name, of both families. */
  resolve(name: string, type?: undefined, options?: ResolveOptions): Promise<Answer<AddressRecord>>;
  /** The records of a name and type. */
  resolve<T extends RecordType>(name: string, type: T, options?: ResolveOptions): Promise<Answer<RecordOf<T>>>;
}
