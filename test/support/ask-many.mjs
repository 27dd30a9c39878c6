// Asks ten thousand questions at once, closes the resolver, says on standard output what came of it, and ends by itself.
// Its argument: the JSON of {servers, questions}.

import { subscribe } from 'node:diagnostics_channel';
import { DnsError, Resolver } from '../../dist/dns/index.js';
import { addressOf, limitOf, typeOf } from './many-names.mjs';

const { servers, questions } = JSON.parse(process.argv[2]);
const ATTEMPT_MS = 300;

let rejections = 0;
process.on('unhandledRejection', () => rejections++);
const attempts = {};
subscribe('inaddr:dns:attempt', ({ outcome }) => {
  attempts[outcome] = (attempts[outcome] ?? 0) + 1;
});

const resolver = new Resolver({ servers, hosts: false, attemptTimeoutMs: ATTEMPT_MS, attempts: 2, maxInFlight: 256 });
// A clock that stands still while the process does not get to run: it goes on by 20 ms at the most between two turns of the loop.
let loopTime = 0;
let lastTurn = performance.now();
const loopNow = () => loopTime + Math.min(performance.now() - lastTurn, 20);
const heart = setInterval(() => {
  loopTime = loopNow();
  lastTurn = performance.now();
}, 5);

const outcomes = {};
const wrong = [];
// How late: after the plain timers by that clock, and after the time limits by the machine's.
let latest = 0;
let latestByClock = 0;
let settled = 0;

const started = performance.now();
await Promise.all(Array.from({ length: questions }, (_, number) => askOne(number)));
const tookMs = performance.now() - started;

clearInterval(heart);
const atEnd = resolver.stats();
resolver.close();
const closed = performance.now();
process.on('exit', () => {
  // What is open now would be what kept the process: pipes and files are those of standard output.
  const report = {
    outcomes,
    wrong,
    latest,
    latestByClock,
    settled,
    rejections,
    attempts,
    tookMs,
    stats: atEnd,
    after: resolver.stats(),
  };
  const left = process.getActiveResourcesInfo().filter((one) => !/^(?:Pipe|TTY|FSReq|ConsoleStream)/.test(one));
  process.stdout.write(JSON.stringify({ ...report, left, exitMs: performance.now() - closed }));
});

async function askOne(number) {
  const name = `host-${number}.chaos.test`;
  const type = typeOf(number);
  const limit = limitOf(number);
  // A plain timer of the same length: where it is late itself, the machine is, and not the resolver; who settles before it is in time.
  let plain = null;
  const timer = setTimeout(() => {
    plain = loopNow();
  }, limit);
  const start = performance.now();
  let outcome = 'ANSWER';
  try {
    const { records } = await resolver.resolve(name, type, { timeoutMs: limit });
    const texts = records.map((record) => record.address ?? record.text);
    if (texts.length !== 1 || texts[0] !== addressOf(number)) wrong.push({ name, type, texts });
  } catch (error) {
    if (!(error instanceof DnsError) || error.question.name !== name) wrong.push({ name, type, error: String(error) });
    outcome = error.code;
  }
  const end = performance.now();
  clearTimeout(timer);
  if (plain !== null) latest = Math.max(latest, loopNow() - plain);
  latestByClock = Math.max(latestByClock, end - start - limit);
  settled++;
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
}
