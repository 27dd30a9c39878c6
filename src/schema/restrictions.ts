import type {
  Address,
  AddressKind,
  AddressParseErrorCode,
  AddressScope,
  Classification,
  Nat64PrefixText,
} from '../ip/index.js';
import { classify, isGloballyReachable } from '../ip/index.js';
import type { Issue, IssueParams } from './codec.js';
import type { OptionChecks } from './options.js';
import { checkOptions, mustBeFamily } from './options.js';

/** Which addresses `address()` takes. What is left out restricts nothing. */
export interface AddressRestrictions {
  /** Of this family alone. An IPv4-mapped address is an IPv6 address. */
  readonly family?: 4 | 6 | undefined;
  /** True: only what `isGloballyReachable` answers true for, the guard; false: only the others. */
  readonly globallyReachable?: boolean | undefined;
  /** The `kind` of `classify` is one of these: what the address itself is, whatever it embeds. */
  readonly kind?: readonly AddressKind[] | undefined;
  /** The `scope` of `classify` is one of these; the unspecified addresses have none. */
  readonly scope?: readonly AddressScope[] | undefined;
  /** True: only with a zone, `fe80::1%eth0`; false: only without. */
  readonly zone?: boolean | undefined;
  /** NAT64 prefixes of the network, `64:ff9b:1::/48`, looked through by `globallyReachable` and `kind`. */
  readonly nat64?: readonly Nat64PrefixText[] | undefined;
}

/** Why a schema refuses an address: the code of an `AddressParseError`, or the restriction that it fails. Stable. */
export type AddressIssueCode =
  | AddressParseErrorCode
  | 'WRONG_FAMILY'
  | 'NOT_GLOBALLY_REACHABLE'
  | 'GLOBALLY_REACHABLE'
  | 'WRONG_KIND'
  | 'WRONG_SCOPE'
  | 'ZONE_MISSING'
  | 'ZONE_PRESENT';

/** The `params` of an issue of the address schemas: plain data. */
export type AddressIssueParams = IssueParams<AddressIssueCode>;

/** An issue of the address schemas before zod adds its path. */
export type AddressIssue = Issue<AddressIssueCode>;

/** For what is to be encoded and is no value of this package. */
export const NOT_ADDRESS: AddressIssue = /* @__PURE__ */ issue(
  null,
  'NOT_ADDRESS',
  'no address value',
  'pass what parseAddress returns',
);

/**
 * Reads restrictions into a function that gives an issue for each that an address fails.
 *
 * @throws {TypeError} for restrictions that make no sense
 * @throws {AddressParseError} `NAT64_PREFIX`
 */
export function compileRestrictions(restrictions: AddressRestrictions): (address: Address) => readonly AddressIssue[] {
  checkRestrictions(restrictions);
  const { family, globallyReachable, zone } = restrictions;
  // Copies: who changes the lists afterwards does not change the schema.
  const kinds = restrictions.kind === undefined ? null : [...restrictions.kind];
  const scopes = restrictions.scope === undefined ? null : [...restrictions.scope];
  const nat64 = restrictions.nat64 === undefined ? undefined : [...restrictions.nat64];
  const classifies = globallyReachable !== undefined || kinds !== null || scopes !== null;
  return (address) => {
    if (family !== undefined && address.family !== family) return [wrongFamily(address, family)];
    const issues: AddressIssue[] = [];
    if (zone !== undefined && zone !== hasZone(address)) issues.push(wrongZone(address, zone));
    if (!classifies) return issues;
    const found = classify(address, { nat64 });
    if (globallyReachable !== undefined && globallyReachable !== found.globallyReachable) {
      issues.push(wrongReach(found));
    }
    if (kinds !== null && !kinds.includes(found.kind)) issues.push(wrongKind(found, kinds));
    if (scopes !== null && (found.scope === null || !scopes.includes(found.scope))) {
      issues.push(wrongScope(found, scopes));
    }
    return issues;
  };
}

/** The issue of an address that is not of the family asked for. */
export function wrongFamily(address: Address, family: 4 | 6 | undefined): AddressIssue {
  return issue(address, 'WRONG_FAMILY', `an IPv${address.family} address`, hintForFamily(address, family));
}

/** What a JSON Schema says of the text: a summary for people, and its formats, which know no zones. */
export function restrictionsAsJsonSchema(restrictions: AddressRestrictions): Readonly<Record<string, unknown>> {
  const { family, globallyReachable, kind, scope, zone } = restrictions;
  const summary = [
    family === undefined ? 'IPv4 or IPv6 address' : `IPv${family} address`,
    zone === undefined ? null : `with${zone ? '' : 'out'} a zone`,
    globallyReachable === undefined ? null : `${globallyReachable ? '' : 'not '}globally reachable`,
    kind === undefined ? null : `of kind ${kind.join(' or ')}`,
    scope === undefined ? null : `of scope ${scope.join(' or ')}`,
  ];
  const forms = [
    family !== 6 && zone !== true ? { format: 'ipv4' } : null,
    family !== 4 && zone !== true ? { format: 'ipv6' } : null,
    family !== 4 && zone !== false ? { pattern: '^[0-9A-Fa-f:.]+%[0-9A-Za-z._~-]+$' } : null,
  ].filter((form) => form !== null);
  const description = summary.filter((part) => part !== null).join(', ');
  return { description, ...(forms.length === 1 ? forms[0] : { anyOf: forms }) };
}

const OPTIONS: OptionChecks<AddressRestrictions> = {
  family: mustBeFamily,
  globallyReachable: mustBeBoolean,
  kind: (value) => mustBeListOf(KINDS, value),
  scope: (value) => mustBeListOf(SCOPES, value),
  zone: mustBeBoolean,
  // What stands in the list, `classify` checks.
  nat64: (value) => (Array.isArray(value) ? null : "must be a list of prefixes, e.g. ['64:ff9b:1::/48']"),
};

/** Every kind; the type holds the table complete. */
const KINDS: Readonly<Record<AddressKind, true>> = {
  unspecified: true,
  loopback: true,
  'link-local': true,
  'site-local': true,
  private: true,
  'unique-local': true,
  shared: true,
  protocol: true,
  documentation: true,
  benchmarking: true,
  discard: true,
  reserved: true,
  broadcast: true,
  multicast: true,
  mapped: true,
  compatible: true,
  translation: true,
  teredo: true,
  '6to4': true,
  orchid: true,
  'segment-routing': true,
  unallocated: true,
  global: true,
};

/** Every scope; the type holds the table complete. */
const SCOPES: Readonly<Record<AddressScope, true>> = {
  'interface-local': true,
  'link-local': true,
  'realm-local': true,
  'admin-local': true,
  'site-local': true,
  'organization-local': true,
  global: true,
  reserved: true,
  unassigned: true,
};

function checkRestrictions(restrictions: AddressRestrictions): void {
  checkOptions('address', OPTIONS, restrictions, '{ globallyReachable: true }');
  if (restrictions.family === 4 && restrictions.zone === true) {
    throw new TypeError('address(): no IPv4 address has a zone, leave out family: 4 or zone: true');
  }
  if (restrictions.nat64 !== undefined) isGloballyReachable('::', { nat64: restrictions.nat64 });
}

function mustBeBoolean(value: unknown): string | null {
  return typeof value === 'boolean' ? null : 'must be true or false';
}

function mustBeListOf(table: Readonly<Record<string, true>>, value: unknown): string | null {
  const known = Object.keys(table).join(', ');
  if (!Array.isArray(value) || value.length === 0) return `must be a list of one or more of: ${known}`;
  const stranger = value.findIndex((entry) => typeof entry !== 'string' || !Object.hasOwn(table, entry));
  if (stranger < 0) return null;
  const entry: unknown = value[stranger];
  return `has no ${typeof entry === 'string' ? JSON.stringify(entry) : typeof entry}, only: ${known}`;
}

function hasZone(address: Address): boolean {
  return address.family === 6 && address.zone !== null;
}

function hintForFamily(address: Address, family: 4 | 6 | undefined): string {
  if (family !== 4) return 'write an IPv6 address, e.g. 2001:db8::1';
  const inner = address.family === 6 ? address.unmap() : address;
  return inner.family === 4 ? `write ${inner}` : 'write an IPv4 address, e.g. 192.0.2.1';
}

function wrongZone(address: Address, wanted: boolean): AddressIssue {
  if (wanted) {
    const hint = 'write the interface after the address, e.g. fe80::1%eth0';
    return issue(address, 'ZONE_MISSING', 'no zone', hint);
  }
  const plain = address.family === 6 ? address.withZone(null) : address;
  return issue(address, 'ZONE_PRESENT', 'zone', `write ${plain}`);
}

function wrongReach({ address, kind, embedded, globallyReachable }: Classification): AddressIssue {
  if (globallyReachable) {
    return issue(address, 'GLOBALLY_REACHABLE', 'globally reachable', 'write an address of a network of your own');
  }
  const inside = embedded === null ? '' : ` with ${embedded.address} (${embedded.kind}) inside`;
  const hint = 'write an address that can be reached from the whole Internet';
  return issue(address, 'NOT_GLOBALLY_REACHABLE', `not globally reachable, ${kind}${inside}`, hint);
}

function wrongKind({ address, kind, embedded }: Classification, wanted: readonly AddressKind[]): AddressIssue {
  const hint =
    embedded?.mechanism === 'mapped' && wanted.includes(embedded.kind)
      ? `write ${embedded.address}`
      : `write an address of kind ${wanted.join(' or ')}`;
  return issue(address, 'WRONG_KIND', `kind ${kind}`, hint);
}

function wrongScope({ address, scope }: Classification, wanted: readonly AddressScope[]): AddressIssue {
  const hint = `write an address of scope ${wanted.join(' or ')}`;
  return issue(address, 'WRONG_SCOPE', scope === null ? 'no scope' : `scope ${scope}`, hint);
}

function issue(address: Address | string | null, code: AddressIssueCode, problem: string, hint: string): AddressIssue {
  const subject = address === null ? '' : `"${address}": `;
  return { message: `${subject}${problem}; ${hint}`, params: { code, hint, offset: null } };
}
