// Resolves names, sixty-four at a time and without end, until SIGTERM; closes the resolver then, and ends by itself. What came of the
// calls is a line of JSON, the last that it writes. Its argument: the JSON of {servers, names}.

import { DnsError, Resolver } from '../../dist/dns/index.js';

const { servers, names } = JSON.parse(process.argv[2]);
const resolver = new Resolver({
  servers,
  hosts: false,
  cache: false,
  attemptTimeoutMs: 200,
  attempts: 2,
  timeoutMs: 5000,
});
const outcomes = {};
let asked = 0;
let rejections = 0;
let stopped = false;

process.on('unhandledRejection', () => rejections++);
process.on('SIGTERM', () => {
  stopped = true;
  resolver.close();
});

await Promise.all(Array.from({ length: 64 }, askOn));
const stats = resolver.stats();
process.on('exit', () => {
  const left = process
    .getActiveResourcesInfo()
    .filter((one) => !/^(?:Pipe|TTY|FSReq|SignalWrap|ConsoleStream)/.test(one));
  process.stdout.write(
    `${JSON.stringify({ asked, outcomes, rejections, left, inFlight: stats.inFlight, queued: stats.queued })}\n`,
  );
});

async function askOn() {
  while (!stopped) {
    const outcome = await ask(names[asked++ % names.length]);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
}

async function ask(name) {
  try {
    const { records } = await resolver.resolve(name, 'A');
    return records.length === 1 ? 'answered' : `${records.length} records`;
  } catch (error) {
    return error instanceof DnsError ? error.code : String(error);
  }
}
