// Fuzzes every reader of text or bytes, guided by the branches that a text reaches. `npm run trust -- fuzz`:
//
//   --seconds N     for each target; --seed N
//   --target NAMES  those targets, with commas between them; for a name that is none those that have it in theirs
//   --out DIR       where findings are written, each as a file; default: nowhere
//
// Each target runs in a worker: a text that never comes back is known, and the others go on.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Finding, Report } from './fuzz/fuzzer.js';
import { fuzz } from './fuzz/fuzzer.js';
import { hits } from './fuzz/hits.js';
import { TARGETS } from './fuzz/targets.js';

/** What a worker is given: which target, and memory where it leaves each text before it runs. */
interface Job {
  readonly name: string;
  readonly seconds: number;
  readonly seed: number;
  /** How many numbers of `hits` are in use. */
  readonly counters: number;
  readonly memory: SharedArrayBuffer;
}

/** How many texts a worker has begun, and the length of the last in bytes; behind them it stands in UTF-16. */
const HEAD = 8;
const MOST_TEXT = 4 << 20;
/** ms of the processor without a new text, and by the clock: other processes take their share. */
const HANG = 60_000;
const HANG_BY_CLOCK = 600_000;

if (isMainThread) process.exitCode = await main();
else work(workerData as Job);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      target: { type: 'string', default: '' },
      out: { type: 'string' },
      counters: { type: 'string', default: String(hits.length) },
    },
  });
  const targets = values.target.split(',').flatMap((wanted) => {
    const exact = TARGETS.filter(({ name }) => name === wanted);
    return exact.length > 0 ? exact : TARGETS.filter(({ name }) => name.includes(wanted));
  });
  if (targets.length === 0) {
    console.error(`no target ${values.target}: ${TARGETS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const rows: Record<string, unknown>[] = [];
  const found: (Finding & { readonly target: string })[] = [];
  for (const { name } of targets) {
    const { findings, slowest, slowestText, growth, ...counts } = await runTarget(name, {
      seconds: Number(values.seconds),
      seed: Number(values.seed),
      counters: Number(values.counters),
    });
    rows.push({
      target: name,
      ...counts,
      'ms per MB': Math.round(slowest),
      'growth MB': Number(growth.toFixed(1)),
      findings: findings.length,
    });
    if (slowest > 2000) console.log(`${name}: ${Math.round(slowest)} ms for 1 MB of ${slowestText.slice(0, 300)}`);
    for (const finding of findings) found.push({ target: name, ...finding });
  }
  console.table(rows);
  const executions = rows.reduce((sum, row) => sum + Number(row.executions), 0);
  console.log(`seed ${values.seed}, ${values.seconds} s a target: ${executions} texts, ${found.length} findings`);
  for (const { target, kind, message, input } of found) {
    console.log(`\n${target}: ${kind}: ${message}\n  ${JSON.stringify(input).slice(0, 500)}`);
  }
  if (values.out !== undefined) {
    mkdirSync(values.out, { recursive: true });
    for (const [i, finding] of found.entries()) {
      writeFileSync(join(values.out, `${finding.target}-${finding.kind}-${i}.json`), JSON.stringify(finding, null, 2));
    }
  }
  return found.length === 0 ? 0 : 1;
}

async function runTarget(name: string, settings: Omit<Job, 'name' | 'memory'>): Promise<Report> {
  const memory = new SharedArrayBuffer(HEAD + MOST_TEXT);
  const job: Job = { name, ...settings, memory };
  const worker = new Worker(fileURLToPath(import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: 1500 },
  });
  const head = new Int32Array(memory, 0, 2);
  return await new Promise((resolve) => {
    const lost = (kind: Finding['kind'], message: string) => {
      const input = Buffer.from(memory, HEAD, Math.min(MOST_TEXT, head[1] ?? 0)).toString('utf16le');
      const findings: Finding[] = [{ kind, message, input }];
      resolve({
        executions: head[0] ?? 0,
        corpus: 0,
        branches: 0,
        long: 0,
        slowest: 0,
        slowestText: '',
        growth: 0,
        findings,
      });
    };
    let last = -1;
    let since = { used: process.cpuUsage(), at: performance.now() };
    const watch = setInterval(() => {
      if (head[0] !== last) {
        last = head[0] ?? 0;
        since = { used: process.cpuUsage(), at: performance.now() };
        return;
      }
      const { user, system } = process.cpuUsage(since.used);
      if ((user + system) / 1000 > HANG || performance.now() - since.at > HANG_BY_CLOCK) {
        lost('hang', `no end within ${HANG / 1000} s of the processor`);
        void worker.terminate();
      }
    }, 500);
    worker.on('message', resolve);
    worker.on('error', (error: Error) =>
      lost(/memory/.test(error.message) ? 'memory' : 'throw', error.stack ?? error.message),
    );
    worker.on('exit', () => {
      clearInterval(watch);
      lost('throw', 'the worker ended without a report');
    });
  });
}

function work({ name, seconds, seed, counters, memory }: Job): void {
  const target = TARGETS.find((one) => one.name === name);
  if (target === undefined) throw new Error(`no target ${name}`);
  const head = new Int32Array(memory, 0, 2);
  const place = Buffer.from(memory, HEAD);
  const before = (text: string) => {
    head[1] = place.write(text, 'utf16le');
    head[0] = (head[0] ?? 0) + 1;
  };
  parentPort?.postMessage(fuzz(target, { seconds, seed, hits: hits.subarray(0, (counters + 3) & ~3), before }));
}
