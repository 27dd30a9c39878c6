import { quote, shownAddress } from '../checks/quote.js';
import { isMulticast, isUnspecified } from '../ip/index.js';
import type { InetBind, Reach, UnixBind } from './bind.js';
import type { BindHost } from './bind-host.js';
import { AF_INET6, SOCK_DGRAM, SOCK_STREAM } from './constants.js';
import type { InetExposure } from './exposure.js';
import { isWider, SOCKETS_ONLY, widest } from './exposure.js';
import type { Machine } from './machine.js';
import { UNIX_PATH_BYTES, unixPathBytes } from './occupancy.js';
import type { BindWarning, BindWarningCode } from './plan-result.js';
import { AT_PATH } from './predict.js';
import { serviceOf } from './services.js';

/** What warnings about a bind to an address look at. */
export interface InetFacts {
  readonly bind: InetBind;
  readonly host: BindHost;
  readonly exposure: InetExposure;
  /** Whether there are other binds in the set. */
  readonly hasOthers: boolean;
}

/** What its author should know of a bind that is not wrong by itself, errors first. */
export function inetWarnings(facts: InetFacts, machine: Machine): BindWarning[] {
  const { bind, host } = facts;
  const found = [
    exposeExceeded(facts),
    lenientHost(bind, host),
    serviceExposed(facts),
    wildcard(facts),
    oneAddressOfName(bind, host),
    uselessAddress(bind, host, machine),
    privilegedPort(bind, machine),
    ipv6OnlyIgnored(bind, host),
    reusePortIgnored(bind, machine),
    ephemeralPort(facts),
  ].filter((warning) => warning !== null);
  return errorsFirst(found);
}

/** The same of a bind to a unix socket. */
export function unixWarnings({ path }: UnixBind, machine: Machine): BindWarning[] {
  const { measured, environment } = machine;
  const bytes = unixPathBytes(path);
  const most = Object.hasOwn(PATH_BYTES, environment.platform) ? PATH_BYTES[environment.platform] : undefined;
  if (most !== undefined && bytes > most) return [pathTooLong(path, bytes, most, machine)];
  if (path.startsWith('\0')) {
    if (!measured || machine.node.abstractName !== 'padded') return [];
    const message =
      'this version of Node fills an abstract name up with NUL to 108 bytes: other programs find another name';
    return [warning('ABSTRACT_PADDED', 'warning', message, 'write a path, or use Node 22 or later')];
  }
  const found: BindWarning[] = [];
  if (path.startsWith('@')) {
    const message = `${quote(path)} is a file of that name in the working directory, not an abstract name`;
    const abstract = measured
      ? `, "\\0${quote(path.slice(1)).slice(1)} for the abstract name`
      : ': abstract names are of Linux';
    const hint = `write ${quote(`./${path}`)} if the file is meant${abstract}`;
    found.push(warning('PATH_AT_SIGN', 'warning', message, hint));
  }
  const state = environment.paths?.get(path);
  if (state === 'socket' || state === 'file') {
    const hint = state === 'socket' ? 'remove it if nobody listens on it any more' : 'write another path';
    found.push(warning('PATH_TAKEN', 'error', `${AT_PATH[state].reason} at ${quote(path)}`, hint));
  } else if (state !== undefined && state !== 'free') {
    const hint = state === 'no-directory' ? 'make the directory, or write another path' : 'write another path';
    found.push(warning('PATH_DIRECTORY', 'error', `${quote(path)}: ${AT_PATH[state].reason}`, hint));
  }
  return errorsFirst(found);
}

/** What `sun_path` holds, where it is known. Windows has pipes. */
const PATH_BYTES: Readonly<Record<string, number>> = { linux: UNIX_PATH_BYTES, darwin: 104, freebsd: 104 };

function pathTooLong(path: string, bytes: number, most: number, { node, measured }: Machine): BindWarning {
  const isCut = measured && node.longPath === 'cut';
  const outcome = isCut ? ': this version of Node cuts it in silence, and binds another path' : '';
  const message = `the path has ${bytes} bytes, the kernel takes ${most}${outcome}`;
  const what = path.startsWith('\0')
    ? 'a shorter name'
    : `a shorter path, of ${most - 1} bytes at the most for programs of other languages`;
  return warning('PATH_TOO_LONG', 'error', message, `write ${what}`);
}

function exposeExceeded(facts: InetFacts): BindWarning | null {
  const { bind, host, exposure } = facts;
  const reach = widest(exposure);
  const { expose } = bind;
  if (expose === null || !isWider(reach, expose)) return null;
  const what = host.kind === 'address' ? `is '${reach}'` : `counts as '${reach}', as ${UNSURE[host.kind]}`;
  const message = `the reach of the bind ${what}, and expose allows '${expose}'; ${SOCKETS_ONLY}`;
  return warning('EXPOSE_EXCEEDED', 'error', message, `write ${narrower(expose, facts)}, or expose: '${reach}'`);
}

const UNSURE = {
  unknown: 'its addresses are not known',
  absent: 'its name has no address now, and may have one later',
} as const;

/** Hosts that keep to a reach. */
function narrower(reach: Exclude<Reach, 'none'>, facts: InetFacts): string {
  const hosts = loopbacks(facts);
  switch (reach) {
    case 'loopback':
      return `the host ${hosts.join(' or ')}`;
    case 'link':
      return `the host ${hosts.join(', ')}, or a link-local address${hosts.length === 1 && hosts[0] === IPV4_LOOPBACK ? '' : ' with its zone'}`;
    case 'private':
      return 'a private address of this machine as host';
    case 'public':
      return 'one address of this machine as host';
    case 'all':
      return 'another host';
  }
}

const IPV4_LOOPBACK = '127.0.0.1';

/** The loopback addresses that a bind can have in place of its host: of the families that it takes, as far as they are known. */
function loopbacks({ bind, host, exposure }: InetFacts): readonly string[] {
  const isKnown = host.kind === 'address';
  const isIPv6 = isKnown ? exposure.ipv4 === 'none' : bind.ipv6Only || bind.family === AF_INET6;
  if (isIPv6) return [bind.ipv6Only ? '::1 without ipv6Only' : '::1'];
  return exposure.ipv6 === 'none' ? [IPV4_LOOPBACK] : [IPV4_LOOPBACK, '::1'];
}

function lenientHost({ host: text }: InetBind, host: BindHost): BindWarning | null {
  if (host.kind !== 'address' || host.of !== 'lenient') return null;
  const message = `the host ${quote(text)} is no address as it is written, and binds ${host.address}`;
  return warning('LENIENT_HOST', 'error', message, `write ${host.address} if that is meant`);
}

function serviceExposed(facts: InetFacts): BindWarning | null {
  const { bind, host, exposure } = facts;
  const reach = widest(exposure);
  if (reach !== 'public' && reach !== 'all') return null;
  const service = serviceOf(bind.port, bind.type === SOCK_DGRAM ? 'udp' : 'tcp');
  if (service === null) return null;
  const isSure = host.kind === 'address';
  const message = `port ${bind.port} is known for ${service.name}, which ${isSure ? 'is' : 'may be'} open to the public here; ${SOCKETS_ONLY}`;
  const isMeant = bind.expose !== null && !isWider(reach, bind.expose);
  const severity = isSure && !isMeant ? 'error' : 'warning';
  return warning('SERVICE_EXPOSED', severity, message, `write the host ${loopbacks(facts)[0]}, or a private address`);
}

function wildcard(facts: InetFacts): BindWarning | null {
  const { bind, exposure } = facts;
  // With `expose` the author has said what is meant, and a wildcard that goes beyond it is an error already.
  if (bind.expose !== null || widest(exposure) !== 'all') return null;
  const families = [exposure.ipv4 === 'all' ? 'IPv4' : '', exposure.ipv6 === 'all' ? 'IPv6' : ''].filter(Boolean);
  const message = `the bind takes every ${families.join(' and ')} address of this machine, those to come included; ${SOCKETS_ONLY}`;
  const hint = `write the address that is meant, such as ${loopbacks(facts)[0]}, or expose: 'all' if every one is`;
  return warning('WILDCARD', 'warning', message, hint);
}

function oneAddressOfName({ host: text, type }: InetBind, host: BindHost): BindWarning | null {
  if (host.kind !== 'address' || host.of !== 'name') return null;
  const isLocalhost = /^localhost$/i.test(text);
  if (host.all.length < 2 && !isLocalhost) return null;
  const { address, all } = host;
  const others = all.filter((one) => !one.equals(address)).map(String);
  const missed = others.length > 0 ? `, and not ${others.join(', ')}` : '';
  const family = isLocalhost ? `: IPv${address.family} only` : '';
  const message = `${quote(text)} binds ${address}${missed}${family}`;
  const alternative =
    isLocalhost && type === SOCK_STREAM ? ', with a bind for each of 127.0.0.1 and ::1 if both are' : '';
  return warning('ONE_ADDRESS_OF_NAME', 'warning', message, `write ${address} if that is meant${alternative}`);
}

function uselessAddress({ type }: InetBind, host: BindHost, machine: Machine): BindWarning | null {
  if (host.kind !== 'address' || type !== SOCK_STREAM) return null;
  const { address } = host;
  const inner = address.family === 6 ? address.unmap() : address;
  if (isMulticast(inner)) {
    const message = `${shownAddress(address)} is a multicast group: no TCP connection can be made to one`;
    return warning('MULTICAST', 'warning', message, 'write an address of this machine, or type SOCK_DGRAM');
  }
  if (!machine.isBroadcast(inner)) return null;
  const message = `${address} is a broadcast address: the bind works, and no TCP connection can be made to it`;
  return warning('BROADCAST', 'warning', message, 'write an address of this machine, or type SOCK_DGRAM');
}

function privilegedPort({ port }: InetBind, { environment, measured }: Machine): BindWarning | null {
  const { unprivilegedPortStart, canBindPrivileged } = environment;
  if (port === 0 || port >= unprivilegedPortStart) return null;
  const may = { true: 'which this process has', false: 'which this process has not', null: 'which it may have' }[
    `${canBindPrivileged}`
  ];
  const needs = measured ? 'root or CAP_NET_BIND_SERVICE' : 'a privilege';
  const message = `port ${port} is below ${unprivilegedPortStart} and needs ${needs}, ${may}`;
  const hint = `write a port from ${unprivilegedPortStart} on, with something in front that has the privilege`;
  return warning('PRIVILEGED_PORT', 'warning', message, hint);
}

function ipv6OnlyIgnored({ ipv6Only, type }: InetBind, host: BindHost): BindWarning | null {
  if (!ipv6Only || host.kind !== 'address') return null;
  const { address } = host;
  // There it is an error.
  if (address.family === 4 && type === SOCK_DGRAM) return null;
  if (address.family === 6 && (isUnspecified(address) || address.unmap().family === 4)) return null;
  const why =
    address.family === 4 ? 'is of IPv4: nothing is IPv6 only about it' : 'is one address of IPv6, with it or without';
  return warning(
    'IPV6_ONLY_IGNORED',
    'warning',
    `ipv6Only says nothing: ${shownAddress(address)} ${why}`,
    'leave ipv6Only out, or write the host ::',
  );
}

function reusePortIgnored({ reusePort }: InetBind, { node, environment }: Machine): BindWarning | null {
  if (!reusePort || node.reusePort !== 'ignored') return null;
  const message = `Node ${environment.nodeVersion} ignores reusePort in silence`;
  return warning('REUSE_PORT_IGNORED', 'warning', message, 'use Node 22.12 or later, or leave reusePort out');
}

function ephemeralPort({ bind, hasOthers }: InetFacts): BindWarning | null {
  if (bind.port !== 0 || !hasOthers) return null;
  const message =
    'the kernel chooses a port for each bind with port 0: others of the set get other ports, and may find theirs taken by it';
  return warning('EPHEMERAL_PORT', 'warning', message, 'write a port, or make this bind after all others');
}

function warning(code: BindWarningCode, severity: BindWarning['severity'], message: string, hint: string): BindWarning {
  return { code, severity, message, hint };
}

function errorsFirst(warnings: readonly BindWarning[]): BindWarning[] {
  return [
    ...warnings.filter(({ severity }) => severity === 'error'),
    ...warnings.filter(({ severity }) => severity !== 'error'),
  ];
}
