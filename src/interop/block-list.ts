import { BlockList } from 'node:net';
import type { PrefixSetItem } from '../ip/index.js';
import { AddressRange, Prefix, PrefixSet, parseAddress } from '../ip/index.js';

/** What of a list can't be taken over. Stable: a program may compare it. */
export type BlockListErrorCode = 'NOT_BLOCK_LIST' | 'UNKNOWN_RULE' | 'MAPPED_KEPT';

/** Thrown for what is no `net.BlockList`, a rule of one that is not understood, or a set that none can hold. */
export class BlockListError extends Error {
  override readonly name = 'BlockListError';
  readonly code: BlockListErrorCode;
  /** The list, the text of the rule, or the set. */
  readonly input: unknown;
  /** What to pass instead. */
  readonly hint: string;

  constructor(input: unknown, code: BlockListErrorCode, problem: string, hint: string) {
    super(`${problem}; ${hint}`);
    this.code = code;
    this.input = input;
    this.hint = hint;
  }
}

/** Sets of addresses as they are written. */
const KEEP = { mapped: 'keep' } as const;
const MAPPED = '::ffff:0:0/96';

/**
 * The addresses that a `net.BlockList` checks true for, read from its `rules`. Node counts an IPv4-mapped address and the
 * IPv4 address in it as one, also under a shorter IPv6 subnet: a rule of `::/0` blocks all of IPv4, and so does the set.
 *
 * `set.has(address)` is `blockList.check(address, family)`, but for three cases: of an IPv6 range that reaches beyond
 * ::ffff:0:0/96, Node blocks the IPv4 addresses inside in their mapped form only, the set in both; Node drops a zone, of
 * rules and of addresses, where the set has to be asked with `{zone: 'ignore'}`; and text that is no address, for which
 * `check` is false, throws.
 *
 * @throws {BlockListError} `NOT_BLOCK_LIST` for what is no `net.BlockList`, `UNKNOWN_RULE` for a rule of a newer Node that
 *   this release does not know
 */
export function fromBlockList(blockList: BlockList): PrefixSet {
  if (!(blockList instanceof BlockList)) {
    throw new BlockListError(blockList, 'NOT_BLOCK_LIST', 'no net.BlockList', 'pass new net.BlockList()');
  }
  const written = PrefixSet.from(
    blockList.rules.map((rule) => readRule(rule)),
    KEEP,
  );
  // In the set that is handed out, mapped prefixes are the IPv4 ones that they carry, and wider ones do not have them.
  return PrefixSet.from([...written.prefixes(), ...written.intersect(PrefixSet.from([MAPPED], KEEP)).prefixes()]);
}

/**
 * A `net.BlockList` with the addresses of a set, or of prefixes, ranges and addresses: as few rules as there can be, as Node
 * looks through all of them. `check` answers as `set.has` does, but for zones, which Node drops before it looks.
 *
 * @throws {PrefixListError} with every item that is none
 * @throws {BlockListError} `MAPPED_KEPT` for a set made with `{mapped: 'keep'}`: Node does not tell IPv4-mapped addresses
 *   from IPv4
 */
export function toBlockList(items: PrefixSet | Iterable<PrefixSetItem>): BlockList {
  const set = items instanceof PrefixSet ? items : PrefixSet.from(items);
  if (!unwrapsMapped(set)) {
    const hint = "make the set without mapped: 'keep', a net.BlockList takes mapped addresses for IPv4";
    throw new BlockListError(set, 'MAPPED_KEPT', 'set that keeps mapped addresses apart', hint);
  }
  const blockList = new BlockList();
  // `::/0` of the set has no mapped addresses; Node's has them.
  const apart = PrefixSet.from(set, KEEP).subtract(PrefixSet.from([MAPPED], KEEP));
  for (const range of apart.ranges()) {
    const family = `ipv${range.family}` as const;
    const [prefix, ...others] = range.toPrefixes();
    if (prefix === undefined || others.length > 0) blockList.addRange(`${range.first}`, `${range.last}`, family);
    else if (range.size === 1n) blockList.addAddress(`${range.first}`, family);
    else blockList.addSubnet(`${range.first}`, prefix.length, family);
  }
  return blockList;
}

/** `Address: IPv4 10.0.0.1`, `Range: IPv6 ::1-::9`, `Subnet: IPv4 10.1.2.3/8`. */
const RULE =
  /^(?:Address: IPv([46]) ([^\s/-]+)|Range: IPv([46]) ([^\s/-]+)-([^\s/-]+)|Subnet: IPv([46]) ([^\s/-]+)\/(\d+))$/;

function readRule(rule: string): Prefix | AddressRange {
  const [, addressFamily, address = '', rangeFamily, first = '', last = '', subnetFamily, network = '', length] =
    RULE.exec(rule) ?? [];
  try {
    const read =
      length !== undefined
        ? // Node keeps the address as it was given, `10.1.2.3/8`.
          Prefix.from(parseAddress(network), Number(length), { hostBits: 'mask' })
        : AddressRange.from(address || first, address || last);
    if (`${read.family}` === (addressFamily ?? rangeFamily ?? subnetFamily)) return read;
  } catch {
    // What an address of the rule is refused for says less than the rule itself, which is refused below.
  }
  throw new BlockListError(
    rule,
    'UNKNOWN_RULE',
    `rule ${JSON.stringify(rule)}`,
    'this release reads Address, Range and Subnet',
  );
}

/** A set can be combined only with one that is made alike. */
function unwrapsMapped(set: PrefixSet): boolean {
  try {
    set.intersect(PrefixSet.from([]));
    return true;
  } catch {
    return false;
  }
}
