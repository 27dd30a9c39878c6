import type { Bind, InetBind, UnixBind } from './bind.js';
import { checkBind } from './bind.js';
import type { BindEnvironment } from './bind-environment.js';
import { hostOfBind } from './bind-host.js';
import { checkEnvironment } from './check-environment.js';
import { claimOf } from './claim.js';
import { AF_UNIX } from './constants.js';
import { describeReach, exposureOf } from './exposure.js';
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
  // A hole in the list is no bind either: `map` would pass it over.
  const planned = Array.from(binds, (given) => {
    const bind = checkBind(given);
    return bind.family === AF_UNIX ? planUnix(bind, machine) : planInet(bind, machine, hasOthers);
  });
  const { measured, node } = machine;
  const claims = planned
    .map(({ bind, occupies, predicted }, index) => claimOf(index, bind, occupies, predicted, node))
    .filter((claim) => claim !== null);
  return { binds: planned, ...findPairs(claims, { measured, node, platform: environment.platform }) };
}

function planInet(bind: InetBind, machine: Machine, hasOthers: boolean): PlannedBind {
  const host = hostOfBind(bind, machine.environment.names);
  const occupies = occupancyOf(bind, host, machine.environment);
  const exposure = exposureOf(host, occupies);
  const interfaces = occupies.kind === 'inet' ? machine.taken(occupies.ipv4, occupies.ipv6) : [];
  return {
    bind,
    occupies,
    exposure,
    reach: describeReach(bind, exposure, occupies, interfaces),
    interfaces,
    predicted: predictInet(bind, host, machine),
    warnings: inetWarnings({ bind, host, occupies, exposure, hasOthers }, machine),
  };
}

function planUnix(bind: UnixBind, machine: Machine): PlannedBind {
  const occupies = unixOccupancy(bind, machine.node);
  const exposure = { unix: bind.path };
  const predicted = predictUnix(bind, machine);
  return {
    bind,
    occupies,
    exposure,
    reach: describeReach(bind, exposure, occupies, []),
    interfaces: [],
    predicted,
    warnings: unixWarnings(bind, predicted, machine),
  };
}
