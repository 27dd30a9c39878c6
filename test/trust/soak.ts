// Runs the resolver, the listener and `inaddr match --table` under load for as long as it is told, and says by how much memory and
// handles grow after a warm-up. `npm run trust -- soak --seconds 600`; --seconds for each of the three, --seed,
// --target NAME for one.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DnsError, Resolver } from '../../src/dns/index.js';
import { listen } from '../../src/tcp/index.js';
import { DnsServer } from '../../src/testing/index.js';
import { Random } from '../support/random.js';

/** One look at a process, in MB and open files. */
interface Sample {
  /** Seconds since the start. */
  readonly at: number;
  readonly memory: number;
  readonly files: number;
}

interface Soak {
  readonly operations: number;
  readonly samples: readonly Sample[];
  /** What went wrong beside growth. */
  readonly faults: readonly string[];
}

const MB = 1 << 20;
/** MB after the warm-up, which is a third of the time: what collections of garbage leave to chance. */
const MOST_GROWTH = 24;
const MOST_FILES = 8;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', default: '' },
  },
});
const seconds = Number(values.seconds);
const random = new Random(Number(values.seed));

const rows: Record<string, unknown>[] = [];
let failed = false;
for (const [name, soak] of Object.entries({ resolver: soakResolver, listener: soakListener, match: soakMatch })) {
  if (!name.includes(values.target)) continue;
  const { operations, samples, faults } = await soak();
  const warm = samples.filter(({ at }) => at >= seconds / 3);
  const slope = slopeOf(warm);
  const growth = slope * ((seconds * 2) / 3);
  const files = (warm.at(-1)?.files ?? 0) - (warm[0]?.files ?? 0);
  const ok = faults.length === 0 && operations > 0 && warm.length > 2 && growth < MOST_GROWTH && files <= MOST_FILES;
  failed ||= !ok;
  rows.push({
    part: name,
    operations,
    'MB at the end': Math.round(warm.at(-1)?.memory ?? 0),
    'MB per minute': Number((slope * 60).toFixed(2)),
    'growth of open files': files,
    ok,
  });
  for (const fault of faults.slice(0, 5)) console.log(`${name}: ${fault}`);
}
console.table(rows);
console.log(`seed ${values.seed}, ${seconds} s each, warm-up ${(seconds / 3).toFixed(0)} s`);
if (rows.length === 0) console.error(`no part ${values.target}: resolver, listener, match`);
process.exitCode = failed || rows.length === 0 ? 1 : 0;

// --- what is run

/** Names with all TTLs from 1 s, more than the cache has room for, and a server that fails in some ways now and then. */
async function soakResolver(): Promise<Soak> {
  const names = Array.from({ length: 4000 }, (_, i) => `n${i}.soak.test`);
  const server = await DnsServer.listen({
    records: names.map((name, i) => ({ name, type: 'A', address: `192.0.2.${i & 255}`, ttl: 1 + (i % 30) })),
    seed: random.bits(),
    rules: [
      [{ probability: 0.01 }, { rcode: 'SERVFAIL' }],
      [{ probability: 0.002 }, 'drop'],
    ],
  });
  const resolver = new Resolver({
    servers: [server.address],
    hosts: false,
    attemptTimeoutMs: 200,
    cache: { maxEntries: 2000 },
  });
  const faults: string[] = [];
  let operations = 0;
  const ask = async () => {
    const name = random.once(20) ? `none${random.below(1000)}.soak.test` : random.pick(names);
    try {
      await resolver.resolve(name, 'A');
    } catch (error) {
      if (!(error instanceof DnsError)) faults.push(String(error));
    }
    operations++;
  };
  const samples = await during(50, ask, (at) => {
    // It remembers every question for tests.
    server.reset();
    return ownSample(at);
  });
  await server.close();
  return { operations, samples, faults };
}

/** Peers that send and read it again, and some that reset their connection in the middle. */
async function soakListener(): Promise<Soak> {
  const faults: string[] = [];
  const listener = await listen(
    { host: '127.0.0.1', port: 0, allowEphemeral: true },
    async ({ socket }) => {
      for await (const chunk of socket) socket.write(chunk);
      socket.end();
    },
    // Peers that reset are what is tested.
    { onError: () => {} },
  );
  const port = listener.addresses.flatMap((one) => ('port' in one ? [one.port] : []))[0] ?? 0;
  const message = Buffer.alloc(1000, 'x');
  let operations = 0;
  const talk = async () => {
    // From many addresses, or ports would run out: each stays closed for a minute.
    const localAddress = `127.0.${1 + random.below(250)}.${1 + random.below(250)}`;
    const socket = connectSocket({ host: '127.0.0.1', port, localAddress });
    socket.on('error', (error) => faults.push(error.message));
    socket.write(message);
    if (random.once(4)) {
      await once(socket, 'data');
      socket.resetAndDestroy();
      await once(socket, 'close');
    } else {
      socket.end();
      let read = 0;
      for await (const chunk of socket) read += (chunk as Buffer).length;
      if (read !== message.length) faults.push(`${read} bytes of ${message.length} came back`);
    }
    operations++;
  };
  const samples = await during(20, talk, ownSample);
  await listener.close();
  const { accepted, open } = listener.stats();
  if (open !== 0) faults.push(`${open} connections are open after close`);
  if (accepted < operations) faults.push(`${accepted} accepted of ${operations}`);
  return { operations, samples, faults };
}

/** Lines without an end through the command, each answered. */
async function soakMatch(): Promise<Soak> {
  const dir = mkdtempSync(join(tmpdir(), 'inaddr-soak-'));
  try {
    const table = join(dir, 'table.csv');
    writeFileSync(
      table,
      Array.from({ length: 20_000 }, (_, i) => `${1 + (i >> 8)}.${i & 255}.0.0/16,v${i}\n`).join(''),
    );
    const child = spawn(process.execPath, ['dist/cli/main.js', 'match', '--table', table], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    let answered = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 10) answered++;
    });
    const block = Array.from({ length: 2000 }, () => [0, 0, 0, 0].map(() => random.below(256)).join('.')).join('\n');
    let sent = 0;
    const feed = async () => {
      sent += 2000;
      if (!child.stdin.write(`${block}\n`)) await once(child.stdin, 'drain');
    };
    const samples = await during(1, feed, (at) => sampleOf(child.pid ?? 0, at));
    child.stdin.end();
    const [code] = (await exit) as [number | null];
    const faults = [
      ...(code === 0 ? [] : [`it ended with ${code}`]),
      ...(answered === sent ? [] : [`${answered} lines answered of ${sent}`]),
    ];
    return { operations: answered, samples, faults };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

// --- measuring

/** Does it over and over, so many at a time, until the time is over; looks once a second. */
async function during(atOnce: number, run: () => Promise<void>, look: (at: number) => Sample): Promise<Sample[]> {
  const start = performance.now();
  const at = () => (performance.now() - start) / 1000;
  const samples: Sample[] = [];
  const timer = setInterval(() => samples.push(look(at())), 1000);
  const repeat = async () => {
    while (at() < seconds) {
      for (let i = 0; i < 50; i++) await run();
      // Answers of a cache come without the loop of events, which timers need.
      await setImmediate();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, repeat));
  clearInterval(timer);
  return samples;
}

function ownSample(at: number): Sample {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return { at, memory: (heapUsed + external) / MB, files: readdirSync('/proc/self/fd').length };
}

/** Of another process, by what the system says. */
function sampleOf(pid: number, at: number): Sample {
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { at, memory: Number(resident) / 1024, files: readdirSync(`/proc/${pid}/fd`).length };
}

/** MB a second, by least squares. */
function slopeOf(samples: readonly Sample[]): number {
  const meanAt = mean(samples.map(({ at }) => at));
  const meanMemory = mean(samples.map(({ memory }) => memory));
  const above = samples.reduce((sum, { at, memory }) => sum + (at - meanAt) * (memory - meanMemory), 0);
  const below = samples.reduce((sum, { at }) => sum + (at - meanAt) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
