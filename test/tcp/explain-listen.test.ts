import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBind } from '../../src/socket/index.js';
import { explain } from '../../src/tcp/explain-listen.js';
import { OpenFailure } from '../../src/tcp/open-failure.js';
import { close, listen } from '../support/listener.js';

const HERE = '127.0.0.1';

/** A listener of another process, and its port. */
async function listenElsewhere(): Promise<{ readonly pid: number | undefined; readonly port: number }> {
  const program = `const server = require('net').createServer().listen(0, '${HERE}', () => console.log(server.address().port))`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  onTestFinished(async () => {
    child.kill();
    await gone;
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return { pid: child.pid, port: Number(line) };
}

async function listenHere(): Promise<number> {
  const server = createServer();
  onTestFinished(() => close(server));
  return listen(server, HERE);
}

const bindOf = (port: number) => createBind({ host: HERE, port });

describe.runIf(process.platform === 'linux')('who holds a port', () => {
  it('is told of the bind that has failed, and of no other', async () => {
    const [mine, elsewhere] = [await listenHere(), await listenElsewhere()];
    const wanted = [mine, elsewhere.port].map((port) => ({ bind: bindOf(port), sockets: [bindOf(port)] }));
    const pids = await Promise.all(
      wanted.map(async ({ bind, sockets: [socket = bind] }) => {
        const error = await explain(new OpenFailure(bind, socket, 'EADDRINUSE', 'taken'), wanted);
        return (error as { readonly holders: readonly { readonly pid: number }[] }).holders.map(({ pid }) => pid);
      }),
    );
    // A bind is found by the socket that has failed: these are others.
    expect(pids).toEqual([[process.pid], [elsewhere.pid]]);
  });

  it('is told of a port that is taken, and of nothing else', async () => {
    const port = await listenHere();
    const bind = bindOf(port);
    const wanted = [{ bind, sockets: [bind] }];
    const told = await explain(new OpenFailure(bind, bind, 'EADDRINUSE', 'taken'), wanted);
    expect(told).toMatchObject({
      code: 'EADDRINUSE',
      holders: [{ pid: process.pid }],
      bind,
      target: `${HERE}:${port}`,
    });
    for (const code of ['EACCES', 'EADDRNOTAVAIL', 'ABORTED']) {
      const error = await explain(new OpenFailure(bind, bind, code, 'why'), wanted);
      expect(error).toMatchObject({ code, holders: [], explanation: null });
    }
  });
});

it('leaves alone what is no failure to open', async () => {
  const error = new TypeError('odd');
  expect(await explain(error, [])).toBe(error);
});
