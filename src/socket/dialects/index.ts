import type { Dialect } from './dialect.js';
import { INADDR } from './inaddr.js';

/** The dialects by their names. */
export const DIALECTS = { inaddr: INADDR } as const satisfies Readonly<Record<string, Dialect>>;

/** How endpoint text is read and written: as this package does, or as a program does. */
export type EndpointDialect = keyof typeof DIALECTS;
