import type { Claim, UnixClaim } from './claim.js';
import { labelOf } from './claim.js';
import type { PairFinding } from './plan-result.js';

/**
 * Unix sockets that may be one file, which only the machine knows: paths of the same last name, of which one is relative and one is
 * not, or one goes up by `..`, that a link may lead elsewhere. Links to directories are not thought of: they could make one of any two.
 */
export function* unsurePaths(claims: readonly Claim[]): Generator<PairFinding> {
  for (const { rooted, relative, upward } of byLastName(claims)) {
    for (const one of rooted) {
      for (const other of relative) yield unsure(one, other, 'one is from the working directory, which is not known');
    }
    for (const [at, one] of upward.entries()) {
      for (const other of [...rooted, ...relative, ...upward.slice(0, at)]) {
        // The same text is the same file.
        if (one.key !== other.key) yield unsure(one, other, "where '..' leads is not known");
      }
    }
  }
}

interface SameName {
  readonly rooted: UnixClaim[];
  readonly relative: UnixClaim[];
  readonly upward: UnixClaim[];
}

function byLastName(claims: readonly Claim[]): Iterable<SameName> {
  const byName = new Map<string, SameName>();
  for (const claim of claims) {
    if (claim.kind !== 'unix' || claim.key.startsWith('\0')) continue;
    const name = claim.key.slice(claim.key.lastIndexOf('/') + 1);
    const same = byName.get(name) ?? { rooted: [], relative: [], upward: [] };
    byName.set(name, same);
    same[kindOf(claim.key)].push(claim);
  }
  return byName.values();
}

function kindOf(path: string): keyof SameName {
  if (/(?:^|\/)\.\.(?:\/|$)/.test(path)) return 'upward';
  return path.startsWith('/') ? 'rooted' : 'relative';
}

function unsure(one: UnixClaim, other: UnixClaim, why: string): PairFinding {
  const [first, second] = one.index < other.index ? [one, other] : [other, one];
  return {
    first: first.index,
    second: second.index,
    verdict: 'unknown',
    reason: `${labelOf(first.bind)} and ${labelOf(second.bind)} may be the same path: ${why}`,
    fix: "write both from the root, without '..'",
  };
}
