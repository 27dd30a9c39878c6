import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListenerStats } from '../../src/tcp/index.js';

/** What the server tells of itself. */
interface Told {
  readonly stats: ListenerStats;
  /** How often handlers have failed, by code. */
  readonly errors: Readonly<Record<string, number>>;
  /** By how much its memory has grown at the most. */
  readonly megabytes: number;
}

let server: ChildProcess;
let port: number;

beforeEach(async () => {
  server = fork(fileURLToPath(new URL('../support/echo-listener.mjs', import.meta.url)), { execArgv: [] });
  ({ port } = await answerOf<{ port: number }>(server));
});
afterEach(() => {
  server.kill();
});

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const [answer] = (await once(child, 'message')) as [T];
  return answer;
}

async function ask(what: 'stats' | 'close'): Promise<Told> {
  server.send(what);
  return answerOf(server);
}

/**
 * The server's counts once it has taken so many and nothing is open any more: what is connected waits in the kernel until the server
 * takes it, and it hears of an end later than who has caused it.
 */
async function idle(accepted: number): Promise<Told> {
  for (;;) {
    const told = await ask('stats');
    if (told.stats.accepted >= accepted && told.stats.open === 0) return told;
  }
}

/** Lets clients run in a process of their own; how many ended how. */
function load(scenario: string, count: number, bytes: number): Promise<Record<string, number>> {
  const args = [port, scenario, count, bytes].map(String);
  return answerOf(fork(fileURLToPath(new URL('../support/load-clients.mjs', import.meta.url)), args, { execArgv: [] }));
}

describe('a listener under load', { timeout: 120_000 }, () => {
  it('echoes 1 MB to each of 1,000 connections at once, byte for byte, in bounded memory', async () => {
    expect(await load('echo', 1000, 1_000_000)).toEqual({ echoed: 1000 });
    const { stats, errors, megabytes } = await idle(1000);
    expect(stats).toMatchObject({ accepted: 1000, served: 1000, open: 0, dropped: 0, denied: 0, gone: 0, failed: 0 });
    expect(errors).toEqual({});
    // 1 GB went through. A connection may hold what was read once, and what the kernel does not take at once.
    expect(megabytes).toBeLessThan(300);
  });

  it('waits for slow readers, and holds little for them', async () => {
    expect(await load('slow', 20, 16_000_000)).toEqual({ echoed: 20 });
    const { stats, errors, megabytes } = await idle(20);
    expect(stats).toMatchObject({ accepted: 20, served: 20, failed: 0 });
    expect(errors).toEqual({});
    // 320 MB went through.
    expect(megabytes).toBeLessThan(150);
  });

  it('loses none of the connections that are reset, and serves on', async () => {
    expect(await load('reset', 300, 1_000_000)).toEqual({ reset: 300 });
    const { stats, errors } = await idle(300);
    // Every handler has heard of it, and of nothing else.
    expect(stats).toMatchObject({ accepted: 300, served: 300, failed: 300, gone: 0 });
    expect(Object.keys(errors).filter((code) => code !== 'ECONNRESET' && code !== 'EPIPE')).toEqual([]);
    expect(await load('echo', 10, 100_000)).toEqual({ echoed: 10 });
  });

  it('accounts for every connection of a flood that is closed at once, and closes when it is told', async () => {
    expect(await load('flood', 3000, 0)).toEqual({ closed: 3000 });
    const { stats } = await idle(3000);
    expect(stats).toMatchObject({ accepted: 3000, denied: 0, dropped: 0 });
    expect(stats.served + stats.gone).toBe(3000);
    expect(await load('echo', 10, 100_000)).toEqual({ echoed: 10 });
    const exited = once(server, 'exit');
    expect((await ask('close')).stats).toMatchObject({ accepted: 3010, open: 0 });
    expect(await exited).toEqual([0, null]);
  });
});
