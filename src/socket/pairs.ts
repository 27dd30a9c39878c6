import { quote } from '../checks/quote.js';
import { addressesOf } from './bind-host.js';
import type { Claim, InetClaim, UnixClaim } from './claim.js';
import { labelOf, meets, SHARES_ADDRESS, SHARES_PORT } from './claim.js';
import { ClaimIndex, keyOf } from './claim-index.js';
import type { SocketType } from './constants.js';
import { AF_UNIX, SOCK_DGRAM, SOCK_STREAM } from './constants.js';
import type { NodeBehaviour } from './node-behaviour.js';
import { unsurePaths } from './path-pairs.js';
import type { PairFinding, PlannedBind } from './plan-result.js';

/** The machine, as far as pairs are concerned. */
export interface PairRules {
  /** Whether the platform was measured. */
  readonly measured: boolean;
  readonly platform: string;
  readonly node: NodeBehaviour;
}

export interface Pairs {
  readonly conflicts: readonly PairFinding[];
  readonly shadows: readonly PairFinding[];
}

/**
 * Pairs of binds that are in each other's way, each in the order of the first, then of the second. Linear, but for what it finds.
 *
 * @param planned all binds of the set, those that claim nothing included
 */
export function findPairs(claims: readonly Claim[], planned: readonly PlannedBind[], rules: PairRules): Pairs {
  const conflicts: PairFinding[] = [];
  const shadows: PairFinding[] = [];
  const freePort = freePorts(planned);
  for (const rivals of groups(claims)) {
    const port = new PortClaims();
    for (const [at, claim] of rivals.entries()) {
      if (claim.kind === 'unix') {
        for (const other of rivals.slice(0, at)) conflicts.push(samePath(other, claim, rules));
        continue;
      }
      for (const finding of conflictsOf(claim, port, rules, freePort)) conflicts.push(finding);
      for (const finding of shadowsOf(claim, port, rules)) shadows.push(finding);
      port.add(claim);
    }
  }
  for (const finding of unsurePaths(claims)) conflicts.push(finding);
  return { conflicts: conflicts.sort(byIndexes), shadows: shadows.sort(byIndexes) };
}

/** Binds of one protocol and port, or of one path, where there are several: all others are in nobody's way. */
function groups(claims: readonly Claim[]): Claim[][] {
  const byKey = new Map<string, Claim[]>();
  for (const claim of claims) {
    const key = claim.kind === 'unix' ? `unix ${claim.key}` : `${claim.protocol} ${claim.port}`;
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [claim]);
    else known.push(claim);
  }
  return [...byKey.values()].filter(({ length }) => length > 1);
}

function byIndexes(one: PairFinding, other: PairFinding): number {
  return one.first - other.first || one.second - other.second;
}

interface PairTexts {
  readonly reason: string;
  readonly fix: string;
}

/** What was seen so far of one protocol and port. */
class PortClaims {
  readonly index = new ClaimIndex();
  /** Pairs with one that has reusePort, of which nobody knows whether both bind: `first second`. */
  readonly unsure = new Set<string>();
  /** Those that take 127.0.0.1 and not `::1`, and the other way round, by the name of the bind. */
  readonly loopback4 = new Map<string | null, InetClaim[]>();
  readonly loopback6 = new Map<string | null, InetClaim[]>();

  /** Numbers of binds, the same for those that texts say the same of. */
  readonly #kinds = new Map<string, number>();
  readonly #kindOf = new Map<InetClaim, number>();
  readonly #texts = new Map<number, PairTexts>();

  /** What is said of two binds that meet, made once for all pairs of the same kind: there may be many of them. */
  textsOf(other: InetClaim, claim: InetClaim, freePort: FreePort): PairTexts {
    const key = this.#kind(other) * 0x1_0000_0000 + this.#kind(claim);
    let texts = this.#texts.get(key);
    if (texts === undefined) {
      texts = { reason: overlap(other, claim), fix: fixOf(other, claim, freePort) };
      this.#texts.set(key, texts);
    }
    return texts;
  }

  #kind(claim: InetClaim): number {
    let kind = this.#kindOf.get(claim);
    if (kind === undefined) {
      const said = `${claim.ipv4} ${claim.ipv6} ${label(claim)}`;
      kind = this.#kinds.get(said) ?? this.#kinds.size;
      this.#kinds.set(said, kind);
      this.#kindOf.set(claim, kind);
    }
    return kind;
  }

  add(claim: InetClaim): void {
    this.index.add(claim);
    const half = claim.kind === 'unknown' ? null : halfOf(claim);
    if (half === null) return;
    const halves = half === 4 ? this.loopback4 : this.loopback6;
    const named = halves.get(claim.bind.name);
    if (named === undefined) halves.set(claim.bind.name, [claim]);
    else named.push(claim);
  }
}

// --- conflicts

function* conflictsOf(
  claim: InetClaim,
  port: PortClaims,
  rules: PairRules,
  freePort: FreePort,
): Generator<PairFinding> {
  const { index } = port;
  for (const other of claim.kind === 'unknown' ? index.all : index.unknown) {
    if (!meets(other, claim)) continue;
    const { bind } = other.kind === 'unknown' ? other : claim;
    const reason = `${both(claim)}, and ${addressesOf(bind)} are not known`;
    yield finding(other, claim, 'unknown', reason, `write an address for ${quote(bind.host)}`);
  }
  if (claim.kind === 'unknown') return;
  for (const other of index.rivals(claim)) yield rivalry(other, claim, port, rules, freePort);
  const unsure = rules.measured ? (rules.node.reusePort === 'unknown' ? SHARES_PORT : 0) : SHARES_PORT | SHARES_ADDRESS;
  for (const other of index.sharers(claim, claim.sharing & unsure)) {
    // reuseAddr on both settles it.
    if ((other.sharing & claim.sharing & ~unsure) !== 0) continue;
    const what = rules.measured
      ? 'whether this version of Node honours reusePort'
      : `what ${rules.platform} makes of it`;
    const reason = `${overlap(other, claim)}, and both ask to share; ${what} was not measured`;
    yield finding(other, claim, 'unknown', reason, otherPort(claim, freePort));
  }
}

function rivalry(
  other: InetClaim,
  claim: InetClaim,
  port: PortClaims,
  rules: PairRules,
  freePort: FreePort,
): PairFinding {
  const { reason, fix } = port.textsOf(other, claim, freePort);
  if (!rules.measured) {
    const unmeasured = `${reason}; on ${rules.platform} that was not measured`;
    return finding(other, claim, 'unknown', unmeasured, fix);
  }
  if (!isMixed(other, claim)) {
    // Where it is not, two that have it are no rivals.
    const ignored = claim.bind.reusePort ? '; this version of Node ignores reusePort' : '';
    return finding(other, claim, 'conflict', `${reason}${ignored}`, fix);
  }
  const mixed = `${reason}, and only one of them has reusePort`;
  const share = `write reusePort: true for both, or for neither: ${fix}`;
  // The kernel compares with one of those that share, and then takes it that the others were no hindrance to that one.
  if ((claim.sharing & SHARES_PORT) !== 0 && hasAlly(claim, other, port)) {
    port.unsure.add(unsureKey(other, keyOf(claim)));
    const order = `${mixed}; others share the port, and then it depends on the order whether the kernel notices`;
    return finding(other, claim, 'unknown', order, share);
  }
  return finding(other, claim, 'conflict', mixed, share);
}

function isMixed(one: InetClaim, other: InetClaim): boolean {
  return ((one.sharing ^ other.sharing) & SHARES_PORT) !== 0;
}

/** Whether there is a bind that shares with `claim`, meets it, and may be there beside `rival`. */
function hasAlly(claim: InetClaim, rival: InetClaim, { index, unsure }: PortClaims): boolean {
  // Those that are alike are allies alike: one of them is enough to look at.
  for (const { key, claims } of index.sharingSlots(claim, SHARES_PORT)) {
    const ally = claims[0] as InetClaim; // A slot is made for its first claim.
    if (!meets(ally, rival) || (ally.sharing & rival.sharing) !== 0) return true;
    if (unsure.has(unsureKey(rival, key))) return true;
  }
  return false;
}

function unsureKey(rival: InetClaim, ally: string): string {
  return `${rival.index} ${ally}`;
}

function samePath(other: Claim, claim: UnixClaim, { measured, platform }: PairRules): PairFinding {
  const same = `${labelOf(other.bind)} and ${labelOf(claim.bind)} are the same path to the kernel`;
  return {
    first: other.index,
    second: claim.index,
    verdict: measured ? 'conflict' : 'unknown',
    reason: measured ? same : `${same}; on ${platform} that was not measured`,
    fix: 'write another path for one of them',
  };
}

// --- shadows

function* shadowsOf(
  claim: InetClaim,
  { index, loopback4, loopback6 }: PortClaims,
  rules: PairRules,
): Generator<PairFinding> {
  if (claim.kind === 'unknown') return;
  if (rules.measured) {
    // Where nobody knows whether reusePort is honoured, nobody knows whether both bind.
    const sure = rules.node.reusePort === 'unknown' ? SHARES_ADDRESS : SHARES_PORT | SHARES_ADDRESS;
    for (const other of index.unequalSharers(claim, sure)) yield overtaken(other, claim, index, rules);
    for (const other of index.equalSharers(claim, SHARES_ADDRESS)) yield oneAlone(other, claim);
  }
  const half = halfOf(claim);
  if (half === null) return;
  for (const [name, others] of half === 4 ? loopback6 : loopback4) {
    if (name !== null && name === claim.bind.name) continue;
    for (const other of others) yield splitLocalhost(other, claim);
  }
}

/**
 * Both share the port: what comes goes by an address before a wildcard, then by a socket of IPv4 before one of IPv6. Of two that are
 * equal in that, one gets all: a socket of IPv6 with `reusePort` goes behind those that are there, any other before them.
 */
function overtaken(other: InetClaim, claim: InetClaim, index: ClaimIndex, { node }: PairRules): PairFinding {
  const sharesPort = (other.sharing & claim.sharing & SHARES_PORT) !== 0;
  const like = sharesPort ? 'write the same address for both, or another port for one of them' : APART;
  const taken = ([winner, loser]: Order, why: string, fix = like) => {
    const what = common(other, claim);
    const reason = `both share the port, and ${label(winner)} takes ${what} away from ${label(loser)}, ${why}`;
    return finding(other, claim, 'shadow', reason, fix);
  };
  if (isWildcard(other) !== isWildcard(claim)) {
    return taken(isWildcard(claim) ? [other, claim] : [claim, other], 'which says less');
  }
  if (other.family !== claim.family) {
    return taken(other.family === 4 ? [other, claim] : [claim, other], 'whose socket is of IPv6');
  }
  const isBehind = (claim.sharing & SHARES_PORT) !== 0;
  if (isBehind && node.reusePort === 'unknown') return oneAlone(other, claim);
  if (!isBehind) return taken([claim, other], 'which is bound before it');
  // Those that are alike are balanced, and are there since the first of them is.
  const isFirst = !sharesPort || index.firstLike(other, SHARES_PORT) < index.firstLike(claim, SHARES_PORT);
  const isOnly = other.ipv6 === '*' && claim.ipv6 === '*';
  const fix =
    sharesPort && isOnly ? 'write ipv6Only: true for both, or for neither, or another port for one of them' : like;
  return taken(isFirst ? [other, claim] : [claim, other], 'which is bound after it', fix);
}

type Order = readonly [winner: InetClaim, loser: InetClaim];

function oneAlone(other: InetClaim, claim: InetClaim): PairFinding {
  const reason = `${overlap(other, claim)}, and with reuseAddr both bind: one of them alone gets what is sent to one address`;
  return finding(other, claim, 'shadow', reason, APART);
}

/** With `reuseAddr` alone: who asks for it mostly wants what is sent to a group, of which nobody takes anything away. */
const APART = 'write another port for one of them, unless it is for multicast';

function isWildcard(claim: InetClaim): boolean {
  return breadth(claim) > 0;
}

function breadth({ ipv4, ipv6 }: InetClaim): number {
  return (ipv4 === '*' ? 1 : 0) + (ipv6 === '*' ? 1 : 0);
}

/** The family in which a bind takes the loopback address that `localhost` has, if it is one alone. */
function halfOf({ ipv4, ipv6 }: InetClaim): 4 | 6 | null {
  const [takes4, takes6] = [ipv4 === '*' || ipv4 === '127.0.0.1', ipv6 === '*' || ipv6 === '::1'];
  if (takes4 === takes6) return null;
  return takes4 ? 4 : 6;
}

function splitLocalhost(other: InetClaim, claim: InetClaim): PairFinding {
  const [ipv4, ipv6] = halfOf(claim) === 4 ? [claim, other] : [other, claim];
  const reason = `they split localhost: over IPv4 it is ${label(ipv4)}, over IPv6 ${label(ipv6)}`;
  const fix = 'write another port for one of them; if they are one service, give both the same name';
  return finding(other, claim, 'shadow', reason, fix);
}

// --- texts

function finding(
  other: InetClaim,
  claim: InetClaim,
  verdict: PairFinding['verdict'],
  reason: string,
  fix: string,
): PairFinding {
  return { first: other.index, second: claim.index, verdict, reason, fix };
}

function label({ bind }: InetClaim): string {
  return labelOf(bind);
}

function both(claim: InetClaim): string {
  return `both are of ${claim.protocol.toUpperCase()} port ${claim.port}`;
}

function overlap(other: InetClaim, claim: InetClaim): string {
  return `both take ${common(other, claim)} at ${claim.protocol.toUpperCase()} port ${claim.port}`;
}

function common(other: InetClaim, claim: InetClaim): string {
  return [...commonIn('IPv4', other.ipv4, claim.ipv4), ...commonIn('IPv6', other.ipv6, claim.ipv6)].join(' and ');
}

function commonIn(family: string, one: string | null, other: string | null): string[] {
  if (one === null || other === null) return [];
  if (one !== '*') return [one];
  return [other === '*' ? `all of ${family}` : other];
}

/** The least change after which both bind. */
function fixOf(other: InetClaim, claim: InetClaim, freePort: FreePort): string {
  for (const [wide, narrow] of [
    [other, claim],
    [claim, other],
  ] as const) {
    // As they meet, it is in IPv4.
    if (wide.ipv6 === '*' && narrow.ipv6 === null) {
      return `write ipv6Only: true for ${label(wide)}, which leaves IPv4 to ${label(narrow)}`;
    }
  }
  const [wide, narrow] = breadth(other) > breadth(claim) ? [other, claim] : [claim, other];
  if (breadth(wide) > breadth(narrow)) {
    return `leave out ${label(narrow)}, which ${label(wide)} takes already; or ${otherPort(claim, freePort)}`;
  }
  if (claim.protocol === 'udp' && isGroup(claim.ipv4 ?? claim.ipv6)) {
    return `write reuseAddr: true for both, as is usual for multicast; or ${otherPort(claim, freePort)}`;
  }
  return otherPort(claim, freePort);
}

function isGroup(text: string | null): boolean {
  return text !== null && /^(?:22[4-9]\.|23\d\.|ff)/.test(text);
}

function otherPort(claim: InetClaim, freePort: FreePort): string {
  const port = freePort(claim);
  return port === null
    ? `write another port for ${label(claim)}`
    : `write another port for ${label(claim)}, such as ${port}`;
}

/** The next port that no bind of the set has; null at the end. */
type FreePort = (claim: InetClaim) => number | null;

/** Made when it is first asked for: most sets have nothing to mend. */
function freePorts(planned: readonly PlannedBind[]): FreePort {
  let next: Readonly<Record<'tcp' | 'udp', ReadonlyMap<number, number>>> | null = null;
  return ({ protocol, port }) => {
    next ??= { tcp: nextFree(portsOf(planned, SOCK_STREAM)), udp: nextFree(portsOf(planned, SOCK_DGRAM)) };
    return next[protocol].get(port) ?? null;
  };
}

function portsOf(planned: readonly PlannedBind[], type: SocketType): ReadonlySet<number> {
  return new Set(planned.flatMap(({ bind }) => (bind.family !== AF_UNIX && bind.type === type ? [bind.port] : [])));
}

function nextFree(used: ReadonlySet<number>): ReadonlyMap<number, number> {
  const next = new Map<number, number>();
  for (const port of [...used].sort((one, other) => other - one)) {
    const free = used.has(port + 1) ? next.get(port + 1) : port + 1;
    if (free !== undefined && free <= 0xffff) next.set(port, free);
  }
  return next;
}
