import { quote } from './quote.js';

/**
 * The addresses in an answer of a resolver, which may be anybody's: text as far as it is what it should be, for who parses it.
 *
 * @throws {TypeError} for what is no answer
 */
export function recordAddresses(answer: { readonly records: readonly { readonly address: string }[] }): string[] {
  const records: unknown = (answer as typeof answer | null | undefined)?.records;
  if (!Array.isArray(records)) throw new TypeError(`the resolver has given ${quote(answer)}, and no list of records`);
  // Not `map`, which skips the holes of a list.
  return Array.from(records, (record: { readonly address: string } | null | undefined) => record?.address as string);
}
