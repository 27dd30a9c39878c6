import { quote } from '../checks/quote.js';
import { isMulticast, isUnspecified } from '../ip/index.js';
import type { InetBind, Reach, UnixBind } from './bind.js';
import type { BindHost } from './bind-host.js';
import { SOCK_DGRAM, SOCK_STREAM } from './constants.js';
import { isWider, SOCKETS_ONLY, widest } from './exposure.js';
import type { Machine } from './machine.js';
import { UNIX_PATH_BYTES, unixPathBytes } from './occupancy.js';
import type { BindWarning, BindWarningCode, Occupancy, Prediction } from './plan-result.js';
import { serviceOf } from './services.js';

/** What warnings about a bind to an address look at. */
export interface InetFacts {
  readonly bind: InetBind;
  readonly host: BindHost;
  readonly occupies: Occupancy;
  readonly exposure: { readonly ipv4: Reach; readonly ipv6: Reach };
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
export function unixWarnings({ path }: UnixBind, predicted: Prediction, machine: Machine): BindWarning[] {
  const bytes = unixPathBytes(path);
  if (bytes > UNIX_PATH_BYTES) return [pathTooLong(path, bytes, machine)];
  if (path.startsWith('\0')) {
    if (!machine.measured || machine.node.abstractName !== 'padded') return [];
    const message =
      'this version of Node fills an abstract name up with NUL to 108 bytes: other programs find another name';
    return [warning('ABSTRACT_PADDED', 'warning', message, 'write a path, or use Node 22 or later')];
  }
  const found: BindWarning[] = [];
  if (path.startsWith('@')) {
    const message = `${quote(path)} is a file of that name in the working directory, not an abstract name`;
    const hint = `write ${quote(`./${path}`)} if the file is meant, "\\0${quote(path.slice(1)).slice(1)} for the abstract name`;
    found.push(warning('PATH_AT_SIGN', 'warning', message, hint));
  }
  const state = machine.environment.paths?.get(path);
  if (state === 'socket' || state === 'file') {
    const hint = state === 'socket' ? 'remove it if nobody listens on it any more' : 'write another path';
    found.push(warning('PATH_TAKEN', 'error', `${predicted.reason} at ${quote(path)}`, hint));
  } else if (state !== undefined && state !== 'free') {
    const hint = state === 'no-directory' ? 'make the directory, or write another path' : 'write another path';
    found.push(warning('PATH_DIRECTORY', 'error', `${quote(path)}: ${predicted.reason}`, hint));
  }
  return errorsFirst(found);
}

function pathTooLong(path: string, bytes: number, { node, measured }: Machine): BindWarning {
  const isCut = measured && node.longPath === 'cut';
  const outcome = isCut ? ': this version of Node cuts it in silence, and binds another path' : '';
  const message = `the path has ${bytes} bytes, the kernel takes ${UNIX_PATH_BYTES}${outcome}`;
  const what = path.startsWith('\0')
    ? 'a shorter name'
    : 'a shorter path, of 107 bytes at the most for programs of other languages';
  return warning('PATH_TOO_LONG', 'error', message, `write ${what}`);
}

function exposeExceeded({ bind, occupies, exposure }: InetFacts): BindWarning | null {
  const reach = widest(exposure);
  const { expose } = bind;
  if (expose === null || !isWider(reach, expose)) return null;
  const what = occupies.kind === 'unknown' ? `counts as '${reach}', as its addresses are not known` : `is '${reach}'`;
  const message = `the reach of the bind ${what}, and expose allows '${expose}'; ${SOCKETS_ONLY}`;
  return warning('EXPOSE_EXCEEDED', 'error', message, `write ${NARROWER[expose]}, or expose: '${reach}'`);
}

/** Hosts that keep to a reach. */
const NARROWER: Readonly<Record<Exclude<Reach, 'none'>, string>> = {
  loopback: 'the host 127.0.0.1 or ::1',
  link: 'the host ::1, 127.0.0.1, or a link-local address with its zone',
  private: 'a private address of this machine as host',
  public: 'one address of this machine as host',
  all: 'another host',
};

function lenientHost({ host: text }: InetBind, host: BindHost): BindWarning | null {
  if (host.kind !== 'address' || host.of !== 'lenient') return null;
  const message = `the host ${quote(text)} is no address as it is written, and binds ${host.address}`;
  return warning('LENIENT_HOST', 'error', message, `write ${host.address} if that is meant`);
}

function serviceExposed({ bind, occupies, exposure }: InetFacts): BindWarning | null {
  const reach = widest(exposure);
  if (reach !== 'public' && reach !== 'all') return null;
  const service = serviceOf(bind.port, bind.type === SOCK_DGRAM ? 'udp' : 'tcp');
  if (service === null) return null;
  const isSure = occupies.kind !== 'unknown';
  const message = `port ${bind.port} is known for ${service.name}, which ${isSure ? 'is' : 'may be'} open to the public here; ${SOCKETS_ONLY}`;
  const isMeant = bind.expose !== null && !isWider(reach, bind.expose);
  const severity = isSure && !isMeant ? 'error' : 'warning';
  return warning('SERVICE_EXPOSED', severity, message, 'write the host 127.0.0.1, or a private address');
}

function wildcard({ bind, exposure }: InetFacts): BindWarning | null {
  // With `expose` the author has said what is meant, and a wildcard that goes beyond it is an error already.
  if (bind.expose !== null || widest(exposure) !== 'all') return null;
  const families = [exposure.ipv4 === 'all' ? 'IPv4' : '', exposure.ipv6 === 'all' ? 'IPv6' : ''].filter(Boolean);
  const message = `the bind takes every ${families.join(' and ')} address of this machine, those to come included; ${SOCKETS_ONLY}`;
  const hint = "write the address that is meant, such as 127.0.0.1, or expose: 'all' if every one is";
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
    const message = `${address} is a multicast group: no TCP connection can be made to one`;
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
    `ipv6Only says nothing: ${address} ${why}`,
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
