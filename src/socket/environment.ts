import { lookup } from 'node:dns/promises';
import { constants, promises as fs } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { dirname } from 'node:path';
import { codeOf } from '../checks/code-of.js';
import { quote } from '../checks/quote.js';
import type { Address } from '../ip/index.js';
import { parseAddress } from '../ip/index.js';
import type { BindEnvironment, PathState } from './bind-environment.js';
import { EnvironmentError } from './environment-error.js';
import { cutPath, UNIX_PATH_BYTES, unixPathBytes } from './occupancy.js';
import { hasCapability, mergeIPv6, ownsNetwork, parseFibTrie, parseIfInet6, parseNetDev } from './proc-net.js';

/** What of this machine is to be read, beyond its interfaces and settings. */
export interface ReadEnvironmentOptions {
  /** Names that binds have as hosts, to be looked up as Node does it for `listen`. Default: `['localhost']`. */
  readonly names?: readonly string[] | undefined;
  /** Paths of unix binds. Default: none. */
  readonly paths?: readonly string[] | undefined;
}

/**
 * This machine as `planBinds` wants to know it. On Linux from /proc; elsewhere what Node says of interfaces and of the user, and the
 * usual first unprivileged port. A name that can't be looked up, for any other reason than that there is none, is left out, and so
 * is a path that can't be looked at: nothing is known of them.
 *
 * It looks names up through the system's resolver (the hosts file, then DNS), and makes no socket.
 *
 * @throws {EnvironmentError} when the system does not tell its interfaces: there are no files left to open, or a sandbox forbids it
 * @throws {TypeError} for an option that there is not
 */
export async function readEnvironment(options: ReadEnvironmentOptions = {}): Promise<BindEnvironment> {
  const { names, paths } = checkReadOptions(options);
  const [machine, addresses, states] = await Promise.all([
    process.platform === 'linux' ? readLinux() : readOther(),
    mapOf(names, resolveName),
    mapOf(paths.flatMap(withCut), pathState),
  ]);
  return {
    platform: process.platform,
    nodeVersion: process.versions.node,
    ...machine,
    names: addresses,
    paths: states,
  };
}

type Machine = Omit<BindEnvironment, 'platform' | 'nodeVersion' | 'names' | 'paths'>;

function readInterfaces(): ReturnType<typeof networkInterfaces> {
  try {
    return networkInterfaces();
  } catch (error) {
    throw new EnvironmentError(error);
  }
}

async function readLinux(): Promise<Machine> {
  const [trie, ipv6, devices, status, uidMap, portStart, nonlocal4, nonlocal6, disabled, v6only] = await Promise.all(
    [
      '/proc/net/fib_trie',
      '/proc/net/if_inet6',
      '/proc/net/dev',
      '/proc/self/status',
      '/proc/self/uid_map',
      PORT_START,
      '/proc/sys/net/ipv4/ip_nonlocal_bind',
      '/proc/sys/net/ipv6/ip_nonlocal_bind',
      '/proc/sys/net/ipv6/conf/all/disable_ipv6',
      '/proc/sys/net/ipv6/bindv6only',
    ].map(readText),
  );
  const addresses = ipv6 === null || ipv6 === undefined ? null : parseIfInet6(ipv6);
  const interfaces = mergeIPv6(readInterfaces(), addresses, parseNetDev(devices ?? ''));
  const routes = parseFibTrie(trie ?? '');
  return {
    interfaces,
    canBindPrivileged: await mayBindPrivileged(status ?? null, uidMap ?? null),
    unprivilegedPortStart: Number(portStart ?? DEFAULT_PORT_START),
    nonlocalBind: { ipv4: isOn(nonlocal4), ipv6: isOn(nonlocal6) },
    udpIPv6Only: isOn(v6only),
    // An interface may have it though it is turned off for all.
    ipv6Enabled: addresses === null ? disabled?.trim() === '0' : addresses.length > 0 || disabled?.trim() === '0',
    ...(routes === null ? {} : { ipv4Routes: routes }),
  };
}

async function mayBindPrivileged(status: string | null, uidMap: string | null): Promise<boolean | null> {
  if (status === null ? !isRoot() : !hasCapability(status, CAP_NET_BIND_SERVICE)) return false;
  if (uidMap === null) return true;
  const owner = await fs.stat(PORT_START).catch(() => null);
  return owner === null ? true : ownsNetwork(uidMap, owner.uid);
}

async function readOther(): Promise<Machine> {
  const interfaces = readInterfaces();
  const all = Object.values(interfaces).flatMap((list) => list ?? []);
  const isWindows = process.platform === 'win32';
  return {
    interfaces,
    canBindPrivileged: isWindows || isRoot(),
    unprivilegedPortStart: isWindows ? 0 : DEFAULT_PORT_START,
    nonlocalBind: false,
    ipv6Enabled: all.some(({ family }) => family === 'IPv6'),
  };
}

/** `CAP_NET_BIND_SERVICE` of linux/capability.h. */
const CAP_NET_BIND_SERVICE = 10;
const PORT_START = '/proc/sys/net/ipv4/ip_unprivileged_port_start';
const DEFAULT_PORT_START = 1024;

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

function isOn(text: string | null | undefined): boolean {
  return text?.trim() === '1';
}

async function readText(path: string): Promise<string | null> {
  try {
    return await fs.readFile(path, 'utf8');
  } catch {
    // Not there, or not for us, as in some sandboxes: then it is not known.
    return null;
  }
}

/** Undefined when it can't be told. */
async function resolveName(name: string): Promise<readonly Address[] | undefined> {
  try {
    const found = await lookup(name, { all: true });
    return found.map(({ address }) => parseAddress(address));
  } catch (error) {
    return codeOf(error) === 'ENOTFOUND' ? [] : undefined;
  }
}

/** Undefined when it can't be told. A link counts as the file that it is: a bind does not follow it. */
async function pathState(path: string): Promise<PathState | undefined> {
  if (path.startsWith('\0')) return undefined;
  try {
    // A bind does not ask whether what has its name is the directory that a slash at the end wants.
    return (await fs.lstat(path.replace(/(?<=[^/])\/+$/, ''))).isSocket() ? 'socket' : 'file';
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOTDIR') return 'not-a-directory';
    if (code === 'EACCES') return 'no-permission';
    if (code !== 'ENOENT') return undefined;
  }
  // A slash at the end asks for a directory, which a bind does not make.
  if (path.endsWith('/')) return 'no-directory';
  try {
    await fs.access(dirname(path), constants.W_OK | constants.X_OK);
    return TAKES_NO_FILES.has((await fs.statfs(dirname(path))).type) ? undefined : 'free';
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return 'no-directory';
    return code === 'EACCES' ? 'no-permission' : undefined;
  }
}

/** Of proc, sysfs and cgroup2 in linux/magic.h: whatever the permissions say, nobody makes a file there. */
const TAKES_NO_FILES: ReadonlySet<number> = new Set([0x9fa0, 0x62656572, 0x63677270]);

/** A path that is too long for the kernel, and what some versions of Node make of it. */
function withCut(path: string): string[] {
  return unixPathBytes(path) > UNIX_PATH_BYTES ? [path, cutPath(path)] : [path];
}

async function mapOf<T>(
  keys: readonly string[],
  ask: (key: string) => Promise<T | undefined>,
): Promise<ReadonlyMap<string, T>> {
  const unique = [...new Set(keys)];
  const answers = await Promise.all(unique.map(ask));
  const known = new Map<string, T>();
  for (const [index, key] of unique.entries()) {
    const answer = answers[index];
    if (answer !== undefined) known.set(key, answer);
  }
  return known;
}

function checkReadOptions(options: ReadEnvironmentOptions): { names: readonly string[]; paths: readonly string[] } {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`the options are ${quote(options)}: pass an object with names, paths`);
  }
  const unknown = Object.keys(options).find((key) => key !== 'names' && key !== 'paths');
  if (unknown !== undefined) throw new TypeError(`there is no option ${quote(unknown)}: there is names, paths`);
  const { names = ['localhost'], paths = [] } = options;
  return { names: checkTexts('names', names), paths: checkTexts('paths', paths) };
}

function checkTexts(option: string, texts: readonly string[]): readonly string[] {
  if (!Array.isArray(texts)) throw new TypeError(`${option} is ${quote(texts)}: write a list of texts`);
  for (const text of texts) {
    if (typeof text !== 'string' || text === '') throw new TypeError(`${option} has ${quote(text)}: write texts`);
  }
  return texts;
}
