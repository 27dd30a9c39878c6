import type { Bind, BindPlan } from '../../src/socket/index.js';

/** Pairs of binds found in the most obvious way, each bind against each: sets of addresses that intersect. */

export interface SlowPair {
  readonly first: number;
  readonly second: number;
  readonly verdict: string;
}

/** What a bind takes, or may take: nothing for a unix socket, for port 0, for one that fails by itself. */
interface Taken {
  readonly port: string;
  readonly ipv4: string | null;
  readonly ipv6: string | null;
  readonly unknown: boolean;
}

/** @param honoursReusePort as Node 22.12 does */
export function slowConflicts({ binds }: BindPlan, honoursReusePort: boolean): SlowPair[] {
  const found: SlowPair[] = [];
  const unsure = new Set<string>();
  for (const [second, two] of binds.entries()) {
    for (const [first, one] of binds.slice(0, second).entries()) {
      const [a, b] = [takenBy(one), takenBy(two)];
      if (a === null || b === null || a.port !== b.port) continue;
      if (!intersect(a, b)) continue;
      if (a.unknown || b.unknown) found.push({ first, second, verdict: 'unknown' });
      else if (!share(one.bind, two.bind, honoursReusePort)) {
        const isUnsure = honoursReusePort && wantsPort(two.bind) && !wantsPort(one.bind) && hasAlly(first, second);
        if (isUnsure) unsure.add(`${first} ${second}`);
        found.push({ first, second, verdict: isUnsure ? 'unknown' : 'conflict' });
      }
    }
  }
  return found.sort((one, other) => one.first - other.first || one.second - other.second);

  /** One that shares with the second, and may be there beside the first. */
  function hasAlly(first: number, second: number): boolean {
    return binds.slice(0, second).some((ally, index) => {
      const [rival, claim] = [binds[first], binds[second]];
      if (rival === undefined || claim === undefined || !wantsPort(ally.bind)) return false;
      const [a, r, c] = [takenBy(ally), takenBy(rival), takenBy(claim)];
      if (a === null || r === null || c === null || a.unknown || a.port !== c.port || !intersect(a, c)) return false;
      return !intersect(a, r) || share(ally.bind, rival.bind, true) || unsure.has(`${first} ${index}`);
    });
  }
}

function takenBy({ bind, occupies, predicted }: BindPlan['binds'][number]): Taken | null {
  if (occupies.kind === 'unix' || bind.family === 'AF_UNIX' || bind.port === 0) return null;
  if (predicted.code === 'EINVAL' || predicted.code === 'ENOTFOUND') return null;
  const port = `${bind.type} ${bind.port}`;
  if (occupies.kind === 'unknown') {
    return { port, ipv4: '*', ipv6: bind.family === 'AF_INET' ? null : '*', unknown: true };
  }
  return { port, ipv4: occupies.ipv4, ipv6: occupies.ipv6, unknown: false };
}

function intersect(one: Taken, other: Taken): boolean {
  const meet = (a: string | null, b: string | null) => a !== null && b !== null && (a === '*' || b === '*' || a === b);
  return meet(one.ipv4, other.ipv4) || meet(one.ipv6, other.ipv6);
}

function wantsPort(bind: Bind): boolean {
  return bind.family !== 'AF_UNIX' && bind.reusePort;
}

function share(one: Bind, other: Bind, honoursReusePort: boolean): boolean {
  if (one.family === 'AF_UNIX' || other.family === 'AF_UNIX') return false;
  return (honoursReusePort && one.reusePort && other.reusePort) || (one.reuseAddr && other.reuseAddr);
}
