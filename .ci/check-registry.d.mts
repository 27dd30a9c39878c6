import type * as ip from '../src/ip/index.js';

/** The rows that differ between the CSV text of a registry and the tables of the package. */
export declare function compareRegistry(
  text: string,
  tables: Partial<typeof ip>,
): { readonly registry: string; readonly rows: number; readonly changes: readonly string[] };
