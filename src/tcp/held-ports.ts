import { isUnspecified, parseAddress } from '../ip/index.js';
import type { BindPlan, PlannedBind } from '../socket/index.js';
import { SOCK_DGRAM } from '../socket/index.js';
import type { OpenSocket } from './open-socket.js';
import { isListening } from './open-socket.js';
import { LONGEST_PATH, pathBytes } from './unix-path.js';

/** A socket of this machine that is in the way of a bind, or may be. */
export interface HeldPort {
  /** The bind, by its index in the plan. */
  readonly bind: number;
  /** 'conflict': the bind fails with EADDRINUSE as long as the socket is there. 'unknown': it may. */
  readonly verdict: 'conflict' | 'unknown';
  readonly socket: OpenSocket;
  /** Why, and who holds it, for people. */
  readonly reason: string;
}

/**
 * Which sockets hold what the binds of a plan are to take: listeners, and bound datagram sockets, of the same protocol and port, whose
 * addresses meet. Of connections that no listener seems to have accepted, one for each bind: a client holds its port, too.
 *
 * Pure: the sockets are those of `openSockets`. A TCP socket that is bound and neither listens nor connects is not among them, nor is
 * what lies in another network namespace; a relative path of a unix socket is compared as text, and a file whose path begins with `@`
 * can't be told from an abstract name.
 *
 * @throws {AddressParseError} for a socket made by hand whose address is none
 * @throws {TypeError} for one of a protocol that there is not
 */
export function heldPorts(plan: Pick<BindPlan, 'binds'>, sockets: readonly OpenSocket[]): HeldPort[] {
  const byKey = new Map<string, OpenSocket[]>();
  for (const socket of sockets) {
    const key = keyOf(socket);
    if (key === null) continue;
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [socket]);
    else same.push(socket);
  }
  return plan.binds.flatMap((planned, bind) => {
    const { occupies } = planned;
    const unix = occupies.kind === 'unix';
    // Port 0 is whatever is free.
    if (!unix && occupies.port === 0) return [];
    const near =
      byKey.get(unix ? unixKey(occupies.path, isPadded(planned)) : inetKey(occupies.protocol, occupies.port)) ?? [];
    const holders = unix ? unixHolders(planned, near) : inetHolders(planned, near);
    return holders.map((holder) => ({ bind, ...holder }));
  });
}

type Holder = Omit<HeldPort, 'bind'>;

function inetKey(protocol: 'tcp' | 'udp', port: number): string {
  return `${protocol} ${port}`;
}

/** What is printed in /proc/net/unix: to the kernel an abstract name that is filled up with NUL is another one. */
function unixKey(path: string, padded: boolean): string {
  const printed = path.replaceAll('\0', '@');
  return `unix ${padded ? printed + '@'.repeat(Math.max(0, LONGEST_PATH - pathBytes(printed))) : printed}`;
}

/** Null for a unix socket without a name. */
function keyOf(socket: OpenSocket): string | null {
  if (socket.protocol !== 'unix') return inetKey(socket.protocol, socket.local.port);
  return socket.path === null ? null : unixKey(socket.path, socket.padded === true);
}

function isPadded({ warnings }: PlannedBind): boolean {
  return warnings.some(({ code }) => code === 'ABSTRACT_PADDED');
}

function inetHolders(planned: PlannedBind, near: readonly OpenSocket[]): Holder[] {
  const wanted = takenByBind(planned);
  const met = near.filter((socket) => meets(wanted, takenBySocket(socket)) !== 'no');
  // Connected datagram sockets have their port to themselves.
  const holding = met.filter((socket) => isListening(socket) || socket.protocol === 'udp');
  if (holding.length > 0) return holding.map((socket) => holderOf(planned, wanted, socket));
  // It has no listener here: one that took it would be in the way of the bind as it is.
  const [client] = met;
  if (client === undefined) return [];
  return [
    {
      verdict: 'unknown',
      socket: client,
      reason: `a connection in ${client.state} has the port, ${whose(client)}: a client that did not choose its port keeps others from it, one that did and what a listener has accepted do not`,
    },
  ];
}

function holderOf({ bind, warnings }: PlannedBind, wanted: Taken, socket: OpenSocket): Holder {
  const held = `${textOf(socket)} is held ${whose(socket)}`;
  if (meets(wanted, takenBySocket(socket)) === 'maybe') {
    const reason = wanted.kind === 'unknown' ? 'the addresses of the name are not known' : MAYBE;
    return { verdict: 'unknown', socket, reason: `${held}; ${reason}` };
  }
  const reusePort =
    'reusePort' in bind && bind.reusePort && !warnings.some(({ code }) => code === 'REUSE_PORT_IGNORED');
  const reuseAddr = 'reuseAddr' in bind && bind.reuseAddr && bind.type === SOCK_DGRAM;
  if (!reusePort && !reuseAddr) return { verdict: 'conflict', socket, reason: held };
  const option = reusePort ? 'reusePort' : 'reuseAddr';
  return { verdict: 'unknown', socket, reason: `${held}; both work if that one was opened with ${option}, too` };
}

const MAYBE = '/proc/net does not tell whether it takes IPv4, or the zone of its address';

function unixHolders(planned: PlannedBind, near: readonly OpenSocket[]): Holder[] {
  return near.filter(isListening).map((socket) => {
    const shown = JSON.stringify('path' in socket ? (socket.path ?? '').replace(/^\0/, '@') : '');
    const held = `${shown} is held ${whose(socket)}`;
    // Of a file nobody would write so many of them.
    if (isPadded(planned) && 'padded' in socket) return { verdict: 'conflict', socket, reason: held };
    if (shown.startsWith('"@'))
      return {
        verdict: 'unknown',
        socket,
        reason: `${held}; /proc/net/unix does not tell an abstract name from a file ${shown}`,
      };
    if (planned.predicted.code === 'EADDRINUSE') return { verdict: 'conflict', socket, reason: held };
    return { verdict: 'unknown', socket, reason: `${held}; where its file has been removed it is in nobody's way` };
  });
}

/** What a bind or a socket takes of each family: '*' for all, null for nothing. */
type Taken =
  | { readonly kind: 'known'; readonly ipv4: string | null; readonly ipv6: string | null; readonly assumed: boolean }
  | { readonly kind: 'unknown' };

function takenByBind({ occupies }: PlannedBind): Taken {
  if (occupies.kind !== 'inet') return { kind: 'unknown' };
  return { kind: 'known', ipv4: occupies.ipv4, ipv6: occupies.ipv6, assumed: false };
}

/** A socket on `::` is assumed to take IPv4, too. */
function takenBySocket(socket: OpenSocket): Taken {
  if (socket.protocol === 'unix') return { kind: 'unknown' };
  const given = parseAddress(socket.local.address);
  const address = given.family === 6 ? given.unmap() : given;
  const any = isUnspecified(address);
  const own = any ? '*' : address.toString();
  if (address.family === 4) return { kind: 'known', ipv4: own, ipv6: null, assumed: false };
  return { kind: 'known', ipv4: any ? '*' : null, ipv6: own, assumed: any };
}

/** Whether they have an address in common; 'maybe' where that hangs on what is not known. */
function meets(wanted: Taken, taken: Taken): 'yes' | 'maybe' | 'no' {
  if (wanted.kind === 'unknown' || taken.kind === 'unknown') return 'maybe';
  // The zone of the socket is not known, but all addresses are of all zones.
  if (meetIn(wanted.ipv6, taken.ipv6)) return taken.ipv6 !== '*' && wanted.ipv6?.includes('%') ? 'maybe' : 'yes';
  if (!meetIn(wanted.ipv4, taken.ipv4)) return 'no';
  return taken.assumed ? 'maybe' : 'yes';
}

function meetIn(wanted: string | null, taken: string | null): boolean {
  if (wanted === null || taken === null) return false;
  return wanted === '*' || taken === '*' || wanted.replace(/%.*/s, '') === taken;
}

function textOf(socket: OpenSocket): string {
  if (socket.protocol === 'unix') return String(socket.path);
  const { address, port } = socket.local;
  return `${address.includes(':') ? `[${address}]` : address}:${port}${socket.protocol === 'udp' ? '/udp' : ''}`;
}

function whose({ processes }: OpenSocket): string {
  if (processes === null) return "by a process that can't be seen from here";
  if (processes.length === 0) return 'by no process any more';
  return `by ${processes.map(({ pid, command }) => `${JSON.stringify(command)} (pid ${pid})`).join(', ')}`;
}
