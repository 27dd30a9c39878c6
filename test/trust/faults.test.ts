import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PrefixMap } from '../../src/ip/index.js';
import { DnsServer } from '../../src/testing/index.js';
import { startExample } from '../support/example-process.js';
import { Random } from '../support/random.js';
import { runShell } from '../support/run-cli.js';
import { tempDir } from '../support/temp-dir.js';

// The resolver's faults, and mixtures of them: test/dns/chaos.test.ts; a store that is killed or hangs: test/dns/store*.test.ts;
// listeners under floods, slow peers and resets: test/tcp/listen-limits.test.ts and server-load.test.ts.

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const RESOLVE = fileURLToPath(new URL('../support/resolve-until-stopped.mjs', import.meta.url));
const EXHAUST = fileURLToPath(new URL('../support/exhaust-files.mjs', import.meta.url));

describe.skipIf(process.platform === 'win32')('no files left to open', () => {
  it('is said by each call, hurts nobody else, and is over when there are some', { timeout: 120_000 }, async () => {
    const child = spawn('/bin/sh', ['-c', 'ulimit -n 80; exec "$0" "$@"', process.execPath, EXHAUST], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { port } = JSON.parse(String((await lines.next()).value)) as { port: number };
    // It can accept none of these: each must end, and none may stay with the listener.
    const peers = Array.from({ length: 5 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    await Promise.all(peers.map((peer) => once(peer, 'connect')));
    const closed = Promise.all(peers.map((peer) => once(peer.resume(), 'close')));
    child.stdin.write('\n');
    const said = JSON.parse(String((await lines.next()).value)) as {
      without: Record<string, { error?: string; code?: string; message?: string }>;
      after: Record<string, unknown>;
      stats: Record<string, number>;
    };
    await closed;
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    expect(said.without).toMatchObject({
      resolve: { error: 'DnsError', code: 'UNREACHABLE' },
      connect: { error: 'ConnectError', code: 'EMFILE' },
      listen: { error: 'ListenError', code: 'EMFILE' },
      readEnvironment: { error: 'EnvironmentError', code: 'UNREADABLE' },
    });
    for (const { message } of Object.values(said.without).filter((one) => one.error !== undefined))
      expect(message).toMatch(/; |: /);
    expect(said.after).toEqual({
      resolve: { value: 1 },
      connect: { value: 'hello' },
      listen: { value: 'listened' },
      openSockets: { value: true },
      readEnvironment: { value: 'string' },
    });
    // Every connection that was accepted is accounted for, and none is open.
    const { accepted = 0, open, served = 0, ...others } = said.stats;
    expect(open).toBe(0);
    expect(served + Object.values(others).reduce((sum, count) => sum + count, 0)).toBe(accepted);
  });
});

describe.skipIf(process.platform === 'win32')('a server that gets SIGTERM while its peers talk', () => {
  const random = new Random(5);
  it.each(Array.from({ length: 8 }, () => random.below(40_000)))(
    'after %i bytes leaves nobody unaccounted',
    async (bytes) => {
      const server = await startExample(['echo-server', '127.0.0.1:0', '--grace', '2000']);
      let read = 0;
      let enough = () => {};
      const reached = new Promise<void>((resolve) => {
        enough = resolve;
      });
      const peers = Array.from({ length: 10 }, (_, i) => {
        const socket = connect(server.port, '127.0.0.1');
        const sent = String(i).repeat(100);
        let text = '';
        socket.on('data', (chunk: Buffer) => {
          text += chunk;
          read += chunk.length;
          if (read > bytes) enough();
          socket.write(sent);
        });
        // What is on its way when the server closes may be answered by a reset.
        socket.on('error', () => {});
        return once(socket, 'close').then(() => ({ text, digit: String(i) }));
      });
      await reached;
      const { stdout, stderr, code } = await server.stop('SIGTERM');
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
      for (const { text, digit } of await Promise.all(peers)) {
        const echoed = text.slice('Welcome to my server!\n'.length);
        expect('Welcome to my server!\n'.startsWith(text) || echoed === digit.repeat(echoed.length)).toBe(true);
      }
      const lines = stdout.trimEnd().split('\n');
      const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
      expect(count(/ bytes echoed$/)).toBe(count(/ connected$/));
      expect(lines.at(-1)).toBe(`stopped, ${count(/ connected$/)} served`);
    },
  );
});

describe.skipIf(process.platform === 'win32')('a program that resolves, and gets SIGTERM', () => {
  const random = new Random(9);
  const names = Array.from({ length: 500 }, (_, i) => `h${i}.test`);
  const zone = names.map((name, i) => `${name}. 1 A 127.0.${i >> 8}.${i & 255}`).join('\n');

  it.each(Array.from({ length: 6 }, () => random.below(3000)))(
    'after %i questions settles every call, and ends',
    async (questions) => {
      const server = await DnsServer.listen({ zone, origin: '.', seed: questions });
      onTestFinished(() => server.close());
      server.rule({ name: /^h\d*3\./, probability: 0.3 }, 'drop');
      server.rule({ name: /^h\d*5\./, probability: 0.3 }, 'truncate');
      server.rule({ name: /^h\d*7\./ }, { delayMs: 150 });
      server.rule({ name: /^h\d*9\./, probability: 0.5 }, { rcode: 'SERVFAIL' });
      const child = spawn(process.execPath, [RESOLVE, JSON.stringify({ servers: [server.address], names })], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const said = textOf(child.stdout);
      const exited = once(child, 'exit');
      await server.asked(questions);
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
      const { asked, outcomes, ...others } = JSON.parse(await said) as {
        asked: number;
        outcomes: Record<string, number>;
      };
      expect(others).toEqual({ rejections: 0, left: [], inFlight: 0, queued: 0 });
      const { answered = 0, ABORTED = 0, SERVFAIL = 0, TIMEOUT = 0, ...unexpected } = outcomes;
      expect(unexpected).toEqual({});
      expect(ABORTED).toBeGreaterThan(0);
      expect(answered + ABORTED + SERVFAIL + TIMEOUT).toBe(asked);
    },
  );

  it.each(Array.from({ length: 6 }, () => random.below(400)))(
    'from the command line, after %i answers, has written whole lines, each once',
    async (answers) => {
      const server = await DnsServer.listen({ zone, origin: '.' });
      onTestFinished(() => server.close());
      const child = spawn(process.execPath, [MAIN, 'resolve', '--json', '--server', server.address]);
      onTestFinished(() => void child.kill('SIGKILL'));
      const exited = once(child, 'exit');
      const errors = textOf(child.stderr);
      child.stdin.on('error', () => {});
      // It stays open: the program has not read all that there is.
      child.stdin.write(`${names.join(' A\n')} A\n`);
      const lines: string[] = [];
      for await (const line of createInterface(child.stdout)) {
        if (lines.push(line) === answers + 1) child.kill('SIGTERM');
      }
      expect(await exited).toEqual([null, 'SIGTERM']);
      expect(await errors).toBe('');
      const found = lines.map((line) => (JSON.parse(line) as { name: string }).name);
      expect(new Set(found).size).toBe(found.length);
      expect(names).toEqual(expect.arrayContaining(found));
    },
  );
});

/** All of a stream. */
async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}

describe.skipIf(process.platform !== 'linux')('a snapshot is written whole or not at all', () => {
  const dir = tempDir();
  const small = join(dir, 'small.csv');
  writeFileSync(small, '10.0.0.0/8,old\n');
  const large = join(dir, 'large.csv');
  const random = new Random(11);
  writeFileSync(
    large,
    Array.from(
      { length: 60_000 },
      (_, i) => `${1 + random.below(220)}.${random.below(256)}.${i & 255}.0/24,value ${i}\n`,
    ).join(''),
  );

  async function snapshotOf(table: string, path: string): Promise<void> {
    expect((await runShell(`inaddr match --build '${table}' -o '${path}'`)).code).toBe(0);
  }

  const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', dir]).status === 0;

  it.skipIf(!canMount)('on a disk that is full', async () => {
    const disk = join(dir, 'disk');
    mkdirSync(disk);
    const script = `set -e
      mount -t tmpfs -o size=128k tmpfs '${disk}'
      '${process.execPath}' '${MAIN}' match --build '${small}' -o '${disk}/table.bin' 2> /dev/null
      cksum < '${disk}/table.bin'
      '${process.execPath}' '${MAIN}' match --build '${large}' -o '${disk}/table.bin' || echo "exit $?"
      cksum < '${disk}/table.bin'
      ls -A '${disk}'`;
    const { stdout, stderr } = spawnSync('unshare', ['-rm', '/bin/sh', '-c', script], { encoding: 'utf8' });
    const [before, exit, after, ...files] = stdout.trimEnd().split('\n');
    expect(stderr).toBe(`inaddr: ${disk}/table.bin: no space left on device\n`);
    expect(exit).toBe('exit 2');
    expect(after).toBe(before);
    expect(files).toEqual(['table.bin']);
  });

  it('when SIGTERM comes at any time', { timeout: 120_000 }, async () => {
    const path = join(dir, 'table.bin');
    await snapshotOf(small, path);
    const old = readFileSync(path);
    const start = performance.now();
    await snapshotOf(large, path);
    const whole = performance.now() - start;
    const now = readFileSync(path);
    const ends = new Set<string>();
    for (let i = 0; i < 16; i++) {
      writeFileSync(path, old);
      const child = spawn(process.execPath, [MAIN, 'match', '--build', large, '-o', path], { stdio: 'ignore' });
      const timer = setTimeout(() => child.kill('SIGTERM'), random.below(Math.ceil(whole)));
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      clearTimeout(timer);
      ends.add(signal ?? String(code));
      const found = readFileSync(path);
      expect(found.equals(old) || found.equals(now), `${code} ${signal}`).toBe(true);
      expect(PrefixMap.fromBytes(new Uint8Array(found)).size).toBeGreaterThan(0);
    }
    expect(ends.has('SIGTERM')).toBe(true);
  });

  it('in the place where a link leads, with the rights that were there', async () => {
    const place = join(dir, 'place.bin');
    writeFileSync(place, 'old', { mode: 0o600 });
    const link = join(dir, 'link.bin');
    symlinkSync(place, link);
    await snapshotOf(small, link);
    expect(PrefixMap.fromBytes(new Uint8Array(readFileSync(place))).size).toBe(1);
    expect(statSync(place).mode & 0o777).toBe(0o600);
    expect(existsSync(`${place}.tmp`)).toBe(false);
    expect(readdirSync(dir).filter((name) => name.startsWith('place.bin'))).toEqual(['place.bin']);
  });
});
