import type { HostBits, PrefixParseErrorCode } from '../ip/index.js';
import { AddressRange, mergePrefixes, Prefix, safeParsePrefix, safeParseRange } from '../ip/index.js';
import type { Issue, IssueParams, TextCodec } from './codec.js';
import { issueOf, textCodec } from './codec.js';
import type { OptionChecks } from './options.js';
import { checkOptions, mustBeFamily } from './options.js';

/** A codec between the text of a prefix and its value: input `string`, output `Prefix`. */
export type PrefixCodec = TextCodec<Prefix>;

/** A codec between the text of a range and its value: input `string`, output `AddressRange`. */
export type RangeCodec = TextCodec<AddressRange>;

/** Which prefixes `prefix()` takes. What is left out restricts nothing. */
export interface PrefixRestrictions {
  /** Of this family alone. A prefix inside ::ffff:0:0/96 is an IPv6 prefix. */
  readonly family?: 4 | 6 | undefined;
  /** Bits set after the prefix: 'reject', the default, refuses the text; 'mask' clears them, as `parsePrefix` does. */
  readonly hostBits?: HostBits | undefined;
}

/** Why a schema refuses a prefix or a range: the code of a `PrefixParseError`, or the restriction that it fails. Stable. */
export type PrefixIssueCode = PrefixParseErrorCode | 'WRONG_FAMILY' | 'NOT_PREFIX' | 'NOT_RANGE';

/** The `params` of an issue of the prefix and range schemas: plain data. */
export type PrefixIssueParams = IssueParams<PrefixIssueCode>;

const OPTIONS: OptionChecks<PrefixRestrictions> = {
  family: mustBeFamily,
  hostBits: (value) => (value === 'reject' || value === 'mask' ? null : "must be 'reject' or 'mask'"),
};

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;

/** JSON Schema has no format for prefixes: these take all there are, and of IPv4 nothing else but host bits. */
const PATTERNS = {
  4: String.raw`${OCTET}(?:\.${OCTET}){3}/(?:3[0-2]|[12]?\d)`,
  6: String.raw`[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/(?:12[0-8]|1[01]\d|[1-9]?\d)`,
} as const;

/**
 * Text to `Prefix`, as strict as `parsePrefix`: strings only, not trimmed, not coerced, without bits set after the prefix.
 * `z.encode` gives the canonical text.
 *
 * Text that is no prefix is an issue with code `custom`, the message of the `PrefixParseError` and in `params` its `code`,
 * `hint` and `offset`; what is no text at all is zod's `invalid_type`.
 *
 * @see RFC 4632 section 3.1, RFC 4291 section 2.3
 */
export const prefixSchema: PrefixCodec = /* @__PURE__ */ prefix();

/** Text to `AddressRange`, `192.0.2.10-192.0.2.20`, as strict as `parseRange`; issues as those of `prefixSchema`. */
export const rangeSchema: RangeCodec = /* @__PURE__ */ textCodec<AddressRange, AddressRange>({
  read: (text) => {
    const parsed = safeParseRange(text);
    return parsed.success ? { value: parsed.data } : { issue: issueOf(parsed.error) };
  },
  isValue: (value): value is AddressRange => value instanceof AddressRange,
  notValue: /* @__PURE__ */ issue('NOT_RANGE', 'no range value', 'pass what parseRange returns'),
  judge: () => [],
  about: {
    description: 'range of IPv4 or IPv6 addresses',
    pattern: '^[0-9A-Fa-f:.]+(?:-| - )[0-9A-Fa-f:.]+$',
  },
});

/**
 * `prefixSchema` for one family, or that clears bits after the prefix.
 *
 *     const subnet = prefix({ family: 4, hostBits: 'mask' });
 *
 * @throws {TypeError} for an option that there is not, or a value that it does not take
 */
export function prefix(restrictions: PrefixRestrictions = {}): PrefixCodec {
  checkOptions('prefix', OPTIONS, restrictions, '{ family: 4 }');
  const { family, hostBits } = restrictions;
  return textCodec<Prefix, Prefix>({
    read: (text) => {
      const parsed = safeParsePrefix(text, { hostBits });
      return parsed.success ? { value: parsed.data } : { issue: issueOf(parsed.error) };
    },
    isValue: (value): value is Prefix => value instanceof Prefix,
    notValue: issue('NOT_PREFIX', 'no prefix value', 'pass what parsePrefix returns'),
    judge: (value) => (family === undefined || value.family === family ? [] : [wrongFamily(value, family)]),
    about: asJsonSchema(family),
  });
}

function wrongFamily(value: Prefix, family: 4 | 6): Issue<PrefixIssueCode> {
  // The prefix that a mapped one counts as.
  const [inner = value] = mergePrefixes([value]);
  const example = family === 4 ? '192.0.2.0/24' : '2001:db8::/32';
  const hint = inner.family === family ? `write ${inner}` : `write an IPv${family} prefix, e.g. ${example}`;
  return issue('WRONG_FAMILY', `"${value}": an IPv${value.family} prefix`, hint);
}

function asJsonSchema(family: 4 | 6 | undefined): Readonly<Record<string, unknown>> {
  if (family === undefined) {
    return { description: 'IPv4 or IPv6 prefix', pattern: `^(?:${PATTERNS[4]}|${PATTERNS[6]})$` };
  }
  return { description: `IPv${family} prefix`, pattern: `^${PATTERNS[family]}$` };
}

function issue(code: PrefixIssueCode, problem: string, hint: string): Issue<PrefixIssueCode> {
  return { message: `${problem}; ${hint}`, params: { code, hint, offset: null } };
}
