import type { Endpoint } from '../endpoint.js';
import type { EndpointFormatErrorCode, EndpointLoss } from '../endpoint-error.js';
import type { Refusal } from './refusal.js';

/** The first address of a name, the first of IPv4 before any other, the first of IPv4 and no other, or every one. */
export type NameUse = 'first' | 'ipv4-first' | 'ipv4-only' | 'every';

/** How one program reads and writes endpoints. */
export interface Dialect {
  /** Which addresses of a name are bound; null where there are no names. */
  readonly names: NameUse | null;
  /** What the port of a text is that names none: one that the dialect fixes, any free one, or what stands elsewhere. */
  readonly portless: 'fixed' | 'any' | 'elsewhere';
  /** What it has no words for, and what to do instead. */
  readonly cannot: { readonly [Code in EndpointFormatErrorCode]?: string };
  /** Null where a text is one endpoint. */
  readonly list: DialectList | null;
  /** The port of endpoints whose text names none is `defaultPort`, which is null when none was given. */
  readonly parse: (text: string, defaultPort: number | null) => Endpoint | Refusal;
  /** The text of an endpoint with nothing that stands in `cannot`. */
  readonly format: (endpoint: Endpoint, defaultPort: number | null) => string | EndpointLoss;
}

/** How several endpoints stand in one text. */
export interface DialectList {
  readonly parse: (text: string, defaultPort: number | null) => readonly Endpoint[] | Refusal;
  /** An endpoint as the ones that it takes to say it: a dual-stack wildcard as two. */
  readonly spread: (endpoint: Endpoint) => readonly Endpoint[];
  /** The text of endpoints that stand one by one already, in their order. */
  readonly join: (texts: readonly string[]) => string;
  /** How many there may be. */
  readonly most: number;
}
