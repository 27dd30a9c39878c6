import type { Bind, InetBind, UnixBind } from './bind.js';
import { checkBind } from './bind.js';
import type { BindEnvironment } from './bind-environment.js';
import type { BindHost } from './bind-host.js';
import { hostOfBind } from './bind-host.js';
import { checkEnvironment } from './check-environment.js';
import type { Claim } from './claim.js';
import { claimOf } from './claim.js';
import { AF_UNIX } from './constants.js';
import { exposureOf, reachInWords, unixReachInWords } from './exposure.js';
import type { Machine } from './machine.js';
import { createMachine } from './machine.js';
import { occupancyOf, unixOccupancy } from './occupancy.js';
import { findPairs } from './pairs.js';
import type { BindPlan, PlannedBind } from './plan-result.js';
import { predictInet, predictUnix } from './predict.js';
import { inetWarnings, unixWarnings } from './warnings.js';

/**
 * What a set of binds comes to, before anything is bound: what each takes, whom it lets in, whether the kernel will take it, and
 * which are in each other's way. Pure: all that it knows of a machine stands in `environment`, and where that does not say, or
 * nobody has measured, the answer is 'unknown'. In the order of the binds, as one process of one user makes them.
 *
 * It speaks of sockets, not of firewalls or published container ports, nor of what other processes have bound.
 *
 * @param environment as from `readEnvironment`
 * @throws {BindError} for what is no bind
 * @throws {TypeError} for what is no list, and for an environment that is none
 */
export function planBinds(binds: readonly Bind[], environment: BindEnvironment): BindPlan {
  if (!Array.isArray(binds)) throw new TypeError('the binds are no array: write [createBind(…), …]');
  checkEnvironment(environment);
  const machine = createMachine(environment);
  const hasOthers = binds.length > 1;
  const claims: (Claim | null)[] = [];
  // A hole in the list is no bind either: `map` would pass it over.
  const planned = Array.from(binds, (given, index) => {
    const bind = checkBind(given);
    const [one, host] =
      bind.family === AF_UNIX ? ([planUnix(bind, machine), null] as const) : planInet(bind, machine, hasOthers);
    claims.push(claimOf(index, one, host, machine));
    return one;
  });
  const { measured, node } = machine;
  const rules = { measured, node, platform: environment.platform };
  return {
    binds: planned,
    ...findPairs(
      claims.filter((claim) => claim !== null),
      planned,
      rules,
    ),
  };
}

function planInet(bind: InetBind, machine: Machine, hasOthers: boolean): readonly [PlannedBind, BindHost] {
  const host = hostOfBind(bind, machine.environment.names);
  const occupies = occupancyOf(bind, host, machine.environment);
  const exposure = exposureOf(bind, host, occupies);
  const interfaces = occupies.kind === 'inet' ? machine.taken(occupies.ipv4, occupies.ipv6) : [];
  const planned = {
    bind,
    occupies,
    exposure,
    reach: reachInWords(bind, host, exposure, interfaces),
    interfaces,
    predicted: predictInet(bind, host, machine),
    warnings: inetWarnings({ bind, host, exposure, hasOthers }, machine),
  };
  return [planned, host];
}

function planUnix(bind: UnixBind, machine: Machine): PlannedBind {
  const occupies = unixOccupancy(bind, machine);
  return {
    bind,
    occupies,
    exposure: { unix: bind.path },
    reach: unixReachInWords(bind, machine),
    interfaces: [],
    predicted: predictUnix(bind, machine),
    warnings: unixWarnings(bind, machine),
  };
}
