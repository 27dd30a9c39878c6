/** The options that a function takes, each with its check: what must be right about a value that is given. */
export type OptionChecks<Options> = { readonly [Name in keyof Required<Options>]: (value: unknown) => string | null };

/**
 * Refuses options that there are not, as a misspelt restriction that restricts nothing is how a guard fails open, and values
 * that make no sense.
 *
 * @throws {TypeError} in words for the caller of the function of that name
 */
export function checkOptions<Options extends object>(
  name: string,
  checks: OptionChecks<Options>,
  given: Options,
  example: string,
): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(`${name}() takes an object of restrictions, e.g. ${name}(${example})`);
  }
  const known: ReadonlyMap<string, (value: unknown) => string | null> = new Map(Object.entries(checks));
  for (const [option, value] of Object.entries(given)) {
    const check = known.get(option);
    if (check === undefined) {
      throw new TypeError(`${name}() has no option ${JSON.stringify(option)}, only ${[...known.keys()].join(', ')}`);
    }
    const fault = value === undefined ? null : check(value);
    if (fault !== null) throw new TypeError(`${name}(): ${option} ${fault}`);
  }
}

/** The check of `family`. */
export function mustBeFamily(value: unknown): string | null {
  return value === 4 || value === 6 ? null : 'must be 4 or 6';
}
