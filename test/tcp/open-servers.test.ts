import { Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Bind, BindFields } from '../../src/socket/index.js';
import { createBind } from '../../src/socket/index.js';
import { OpenFailure } from '../../src/tcp/open-failure.js';
import type { OpenServer } from '../../src/tcp/open-servers.js';
import { openServers } from '../../src/tcp/open-servers.js';
import { close, listen } from '../support/listener.js';
import { tempDir } from '../support/temp-dir.js';

const dir = tempDir();

/** An address that no interface has: to bind to it fails, and sends nothing. */
const ABSENT = '198.51.100.201';

/** Of this file alone: a port that is free on one may be somebody else's on another, and clients come from 127.0.0.1. */
const HERE = '127.77.1.1';
const THERE = '127.77.1.2';

function bindOf(host: string, port = 0, fields: Partial<BindFields> = {}): Bind {
  return createBind({ host, port, ...(port === 0 ? { allowEphemeral: true } : {}), ...fields } as BindFields);
}

const opened: OpenServer[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ server }) => close(server)));
});

/** Opens a bind that stands for some sockets, as those of a name do. */
async function open(
  binds: readonly { readonly bind: Bind; readonly sockets?: readonly Bind[] }[],
  families: readonly (4 | 6)[] = [4, 6],
): Promise<{
  readonly addresses: readonly string[];
  readonly asked: readonly number[];
  readonly error: unknown;
  readonly absent: ReadonlySet<Bind>;
}> {
  const asked: number[] = [];
  const absent = new Set<Bind>();
  const hasFamily = (family: 4 | 6) => {
    asked.push(family);
    return families.includes(family);
  };
  const wanted = binds.map(({ bind, sockets = [bind] }) => ({ bind, sockets }));
  try {
    const servers = await openServers(wanted, { hasFamily, signal: undefined, absent });
    opened.push(...servers);
    const addresses = servers.map(({ server }) => {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.address : String(address);
    });
    return { addresses, asked, error: null, absent };
  } catch (error) {
    return { addresses: [], asked, error, absent };
  }
}

/** How often a server was told to listen. */
function countListens(): { readonly count: number } {
  const spy = vi.spyOn(Server.prototype, 'listen');
  onTestFinished(() => spy.mockRestore());
  return {
    get count() {
      return spy.mock.calls.length;
    },
  };
}

async function freePort(host: string): Promise<number> {
  const server = new Server();
  const port = await listen(server, host);
  await close(server);
  return port;
}

describe('a port of the kernel', () => {
  it('is asked for on the other addresses, too', async () => {
    const sockets = [bindOf(HERE), bindOf(THERE)];
    const { addresses } = await open([{ bind: bindOf('localhost'), sockets }]);
    expect(addresses).toEqual([HERE, THERE]);
    const [first, second] = opened.map(({ server }) => server.address());
    expect(second).toMatchObject({ port: (first as { port: number }).port });
  });

  it('is another one, eight times, when it is taken on another address', async () => {
    const listens = countListens();
    // The second address is the first: it is always taken.
    const bind = bindOf('localhost');
    const { error } = await open([{ bind, sockets: [bindOf(HERE), bindOf(HERE)] }]);
    expect(error).toMatchObject({ code: 'EADDRINUSE', bind });
    expect(error).toBeInstanceOf(OpenFailure);
    expect(listens.count).toBe(16);
  });

  it('is not another one for another reason', async () => {
    const listens = countListens();
    const { error } = await open([{ bind: bindOf('localhost'), sockets: [bindOf(HERE), bindOf(ABSENT)] }]);
    expect(error).toMatchObject({ code: 'EADDRNOTAVAIL' });
    expect(listens.count).toBe(2);
  });

  it('is not another one where the port was given', async () => {
    const blocker = new Server();
    onTestFinished(() => close(blocker));
    const port = await listen(blocker, THERE);
    const listens = countListens();
    const sockets = [bindOf(HERE, port), bindOf(THERE, port)];
    const { error } = await open([{ bind: bindOf('localhost', port), sockets }]);
    expect((error as OpenFailure).socket).toBe(sockets[1]);
    expect(error).toMatchObject({ code: 'EADDRINUSE' });
    expect(listens.count).toBe(2);
    // What was open is closed again.
    await close(blocker);
    const again = await open([{ bind: bindOf('localhost', port), sockets }]);
    expect(again.addresses).toEqual([HERE, THERE]);
  });
});

describe('an address that is not here', () => {
  it('is left out of a name when this machine has none of its family', async () => {
    const bind = bindOf('localhost');
    const ipv4 = { bind, sockets: [bindOf(HERE), bindOf(ABSENT)] };
    expect(await open([ipv4], [6])).toMatchObject({ addresses: [HERE], asked: [4] });
    expect(await open([ipv4], [4, 6])).toMatchObject({ asked: [4], error: { code: 'EADDRNOTAVAIL' } });
    const ipv6 = { bind, sockets: [bindOf(HERE), bindOf('2001:db8::1')] };
    expect(await open([ipv6], [4])).toMatchObject({ addresses: [HERE], asked: [6] });
    expect(await open([ipv6], [4, 6])).toMatchObject({ asked: [6], error: { code: 'EADDRNOTAVAIL' } });
  });

  it('is not left out when it is the only one, by itself or of a name', async () => {
    const bind = bindOf(ABSENT);
    expect(await open([{ bind }], [])).toMatchObject({ asked: [], error: { code: 'EADDRNOTAVAIL', bind } });
    const sockets = [bindOf(ABSENT), bindOf('198.51.100.202')];
    const both = await open([{ bind: bindOf('localhost'), sockets }], []);
    expect(both).toMatchObject({ error: { code: 'EADDRNOTAVAIL', socket: sockets[0] } });
  });

  it('is left out when it is optional, unless nothing is left', async () => {
    const optional = bindOf(ABSENT, 0, { optional: true });
    const other = bindOf('198.51.100.202', 0, { optional: true });
    const here = bindOf(HERE);
    const left = await open([{ bind: optional }, { bind: here }]);
    expect(left).toMatchObject({ addresses: [HERE], asked: [] });
    expect([...left.absent]).toEqual([optional]);
    expect(await open([{ bind: here }, { bind: optional }])).toMatchObject({ addresses: [HERE] });
    const none = await open([{ bind: optional }, { bind: other }]);
    expect(none).toMatchObject({ error: { code: 'EADDRNOTAVAIL', bind: optional } });
    // A bind that must be there is not made optional by one that is.
    expect(await open([{ bind: here }, { bind: bindOf(ABSENT) }])).toMatchObject({ error: { code: 'EADDRNOTAVAIL' } });
  });

  it('is something else than a port that is taken, which is never left out', async () => {
    const blocker = new Server();
    onTestFinished(() => close(blocker));
    const port = await listen(blocker, HERE);
    const taken = bindOf(HERE, port, { optional: true });
    const { error } = await open([{ bind: bindOf(THERE) }, { bind: taken }], []);
    expect(error).toMatchObject({ code: 'EADDRINUSE', bind: taken });
  });

  it('is nothing that a unix socket can have', async () => {
    const bind = createBind({ path: join(dir, 'no', 'such', 'folder') });
    const other = createBind({ path: join(dir, 'socket') });
    expect(await open([{ bind, sockets: [bind, other] }], [])).toMatchObject({ asked: [], error: { code: 'EACCES' } });
    expect(await open([{ bind: other }])).toMatchObject({ addresses: [join(dir, 'socket')] });
  });
});

it('opens in order, and tells the first that fails', async () => {
  const port = await freePort(HERE);
  const [first, second, absent] = [bindOf(HERE, port), bindOf(HERE, port), bindOf(ABSENT)];
  const { error } = await open([first, second, absent].map((bind) => ({ bind })));
  expect(error).toMatchObject({ code: 'EADDRINUSE' });
  // Itself, and not the first, which is equal.
  expect((error as OpenFailure).bind).toBe(second);
  expect((error as OpenFailure).socket).toBe(second);
});

it('opens nothing when it is aborted', async () => {
  const bind = bindOf(HERE);
  const signal = AbortSignal.abort(new Error('enough'));
  const listens = countListens();
  const opening = openServers([{ bind, sockets: [bind] }], { hasFamily: () => true, signal, absent: new Set() });
  const error = await opening.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'ABORTED', bind, socket: bind, message: 'the call was aborted' });
  expect((error as OpenFailure).cause).toBe(signal.reason);
  expect(listens.count).toBe(0);
});
