import { quote } from './quote.js';

/**
 * The addresses in an answer of a resolver, which may be anybody's.
 *
 * @param parse throws for what is no address
 * @throws {TypeError} for what is no answer, and for an address that is none
 */
export function recordAddresses<A>(
  answer: { readonly records: readonly { readonly address: string }[] },
  parse: (text: string) => A,
): A[] {
  const records: unknown = (answer as typeof answer | null | undefined)?.records;
  if (!Array.isArray(records)) throw new TypeError(`the resolver has given ${quote(answer)}, and no list of records`);
  // Not `map`, which skips the holes of a list.
  return Array.from(records, (record: { readonly address: string } | null | undefined) =>
    parsed(record?.address as string, parse),
  );
}

/** Who called has not written this text: what the parser says to do about it is not for him. */
function parsed<A>(text: string, parse: (text: string) => A): A {
  try {
    return parse(text);
  } catch (cause) {
    throw new TypeError(`the resolver has given ${quote(text)}, which is no address`, { cause });
  }
}
