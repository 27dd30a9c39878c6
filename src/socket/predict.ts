import { quote, shownAddress } from '../checks/quote.js';
import type { Address, IPv6Address } from '../ip/index.js';
import { isMulticast, isUnspecified } from '../ip/index.js';
import type { InetBind, UnixBind } from './bind.js';
import type { PathState } from './bind-environment.js';
import type { BindHost } from './bind-host.js';
import { SOCK_DGRAM, SOCK_STREAM } from './constants.js';
import type { Machine } from './machine.js';
import { withoutZone } from './machine.js';
import { cutPath, isIPv6Only, isOfInterface, UNIX_PATH_BYTES, unixPathBytes } from './occupancy.js';
import type { Prediction, PredictionCode } from './plan-result.js';

/** What the resolver, then Linux say to a bind to an address, if nobody else has the port. The order of the checks is the kernel's. */
export function predictInet(bind: InetBind, host: BindHost, machine: Machine): Prediction {
  // That is up to the resolver, and the environment says what it says.
  if (host.kind === 'absent')
    return answer('ENOTFOUND', `${quote(bind.host)} has no address that this socket could take`);
  if (!machine.measured) return unmeasured(machine);
  if (host.kind === 'unknown') {
    const why = host.isAsked
      ? `${quote(bind.host)} has ::1 and no IPv4 address, and for ::1 the resolver may say 127.0.0.1 when asked for one`
      : `the environment does not say which addresses ${quote(bind.host)} has`;
    return answer('unknown', why);
  }
  const { address } = host;
  if (address.family === 4) return predictIPv4(bind, address, machine);
  return predictIPv6(bind, address, machine);
}

/** `inet_bind`: the address before the port. */
function predictIPv4(bind: InetBind, address: Address, machine: Machine): Prediction {
  if (bind.ipv6Only && bind.type === SOCK_DGRAM) {
    // libuv refuses it; of TCP it drops the flag.
    return answer('EINVAL', 'ipv6Only on a UDP socket that is of IPv4');
  }
  return missingIPv4(address, machine) ?? forbiddenPort(bind, machine) ?? works(bind, address, machine);
}

/** `inet6_bind`: the port before the address. */
function predictIPv6(bind: InetBind, address: IPv6Address, machine: Machine): Prediction {
  if (bind.type === SOCK_STREAM && isMulticast(address) && address.unmap().family === 6) {
    return answer('EINVAL', 'TCP has no IPv6 multicast');
  }
  const forbidden = forbiddenPort(bind, machine);
  if (forbidden !== null) return forbidden;
  const inner = address.unmap();
  if (inner.family === 4) {
    if (isIPv6Only(bind, machine.environment)) {
      return answer('EINVAL', 'an IPv4-mapped address on a socket that is IPv6 only');
    }
    return missingIPv4(inner, machine) ?? works(bind, address, machine);
  }
  return wrongZone(address, machine) ?? missingIPv6(address, machine) ?? works(bind, address, machine);
}

function missingIPv4(address: Address, machine: Machine): Prediction | null {
  if (machine.nonlocal.ipv4 || machine.bindsIPv4(address)) return null;
  return answer('EADDRNOTAVAIL', `no interface has ${shownAddress(address)}, and net.ipv4.ip_nonlocal_bind is off`);
}

function wrongZone(address: IPv6Address, machine: Machine): Prediction | null {
  if (!isOfInterface(address)) return null;
  if (address.zone === null) return answer('EINVAL', `${address} needs a zone, the interface that it is of`);
  if (machine.hasInterface(address.zone)) return null;
  return answer(
    'EINVAL',
    `there is no interface ${shownAddress(address.zone)}: a zone is the name of one, not its number`,
  );
}

function missingIPv6(address: IPv6Address, machine: Machine): Prediction | null {
  if (isUnspecified(address) || isMulticast(address) || machine.nonlocal.ipv6) return null;
  const zone = isOfInterface(address) ? address.zone : null;
  if (machine.hasIPv6(withoutZone(address), zone)) return null;
  const why = machine.environment.ipv6Enabled
    ? `${zone === null ? 'no interface' : shownAddress(zone)} has ${zone === null ? '' : 'not '}${withoutZone(address)}`
    : 'IPv6 is turned off';
  return answer('EADDRNOTAVAIL', `${why}, and net.ipv6.ip_nonlocal_bind is off`);
}

function forbiddenPort({ port }: InetBind, { environment }: Machine): Prediction | null {
  const { canBindPrivileged, unprivilegedPortStart } = environment;
  if (canBindPrivileged === true || port === 0 || port >= unprivilegedPortStart) return null;
  const needs = `ports below ${unprivilegedPortStart} need root or CAP_NET_BIND_SERVICE`;
  if (canBindPrivileged === null) return answer('unknown', `${needs}, and whether this process has it is not known`);
  return answer('EACCES', needs);
}

function works(bind: InetBind, address: Address, { environment }: Machine): Prediction {
  if (isUnspecified(address) && address.family === 6 && !environment.ipv6Enabled) {
    const only = isIPv6Only(bind, environment)
      ? 'and nothing but IPv6 is taken: nobody gets in'
      : 'so that IPv4 alone gets in';
    return answer('ok', `IPv6 is turned off, ${only}`);
  }
  return answer('ok', 'nothing speaks against it, unless somebody else has the port');
}

/** What Node and Linux say to a bind to a unix socket. */
export function predictUnix({ path }: UnixBind, machine: Machine): Prediction {
  if (!machine.measured) return unmeasured(machine);
  const { longPath } = machine.node;
  const length = unixPathBytes(path);
  const isLong = length > UNIX_PATH_BYTES;
  if (isLong && longPath !== 'cut') {
    const long = `the path has ${length} bytes, the kernel takes ${UNIX_PATH_BYTES}`;
    if (longPath === 'refused') return answer('EINVAL', long);
    return answer('unknown', `${long}: versions of Node differ, and this one was not measured`);
  }
  if (path.startsWith('\0')) return answer('ok', 'an abstract name, unless somebody else has it');
  const bound = isLong ? cutPath(path) : path;
  const state = machine.environment.paths?.get(bound);
  if (state === undefined) return answer('unknown', `the environment does not say what is at ${quote(bound)}`);
  const { code, reason } = AT_PATH[state];
  // The kernel says ENOENT; libuv makes it what Windows says.
  const why = state === 'no-directory' ? `${reason}, for which Node says EACCES` : reason;
  return answer(code, isLong ? `Node binds the first ${UNIX_PATH_BYTES} bytes of the path; ${why}` : why);
}

/** What is at a path, in words, and what Linux says to a bind to it. */
export const AT_PATH: Readonly<Record<PathState, Prediction>> = {
  free: { code: 'ok', reason: 'nothing is there' },
  socket: { code: 'EADDRINUSE', reason: 'there is a socket, in use or left behind' },
  file: { code: 'EADDRINUSE', reason: 'there is a file' },
  'no-directory': { code: 'EACCES', reason: 'its directory is not there' },
  'not-a-directory': { code: 'ENOTDIR', reason: 'what should be its directory is a file' },
  'no-permission': { code: 'EACCES', reason: 'this user may make no file in its directory' },
};

function unmeasured({ environment }: Machine): Prediction {
  return answer('unknown', `binds were measured on Linux, not on ${quote(environment.platform)}`);
}

function answer(code: PredictionCode, reason: string): Prediction {
  return { code, reason };
}
