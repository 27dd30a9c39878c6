import { Random } from '../../support/random.js';
import { mutate, mutateJson, tokensOf } from './mutate.js';

/** What is fuzzed. */
export interface Target {
  readonly name: string;
  /** Texts to begin with; bytes are texts with one character, below 256, for each. */
  readonly seeds: readonly string[];
  /** Of JSON the values are changed, and not only the text. */
  readonly json?: boolean;
  /** How long a text its own limits let it be; default 1 MB. */
  readonly longest?: number;
  /** Reads a text: throws a `Defect` for a wrong answer; whatever else it throws is one, too. */
  run(text: string): void;
}

/** A property that does not hold. */
export class Defect extends Error {
  override readonly name = 'Defect';
}

export interface Finding {
  readonly kind: 'throw' | 'slow' | 'hang' | 'memory';
  readonly message: string;
  readonly input: string;
}

/** What a run of a target came to. */
export interface Report {
  readonly executions: number;
  /** Texts that reached something new. */
  readonly corpus: number;
  /** Branches of src/ that ran. */
  readonly branches: number;
  /** Texts of 256 KB and more that were timed. */
  readonly long: number;
  /** The slowest text of 1 MB, in ms for 1 MB. */
  readonly slowest: number;
  /** Of which text it is made. */
  readonly slowestText: string;
  /** By how many MB the heap grew in the last two thirds, without the corpus. */
  readonly growth: number;
  readonly findings: readonly Finding[];
}

export interface FuzzOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly hits: Uint8Array;
  /** Called with each text before it runs, so that one that never returns is known. */
  readonly before: (text: string) => void;
}

/** Of a text that grew from these. */
const LONGEST = 4096;
const KB = 1024;
const MB = 1024 * KB;
/** Time for eight times the length: 8 is linear, 64 is quadratic. */
const MOST_RATIO = 28;
/** Time for twice the length: 2 is linear, 4 is quadratic. */
const MOST_DOUBLING = 2.5;
/** ms: below it a clock tells nothing. */
const LEAST_TIME = 150;
const MOST_FINDINGS = 20;
const MOST_GROWTH = 24;

/** Runs changed texts until the time is over. Texts that reach a branch for the first time, or more often than any before, are changed again. */
export function fuzz(target: Target, options: FuzzOptions): Report {
  const { hits, before } = options;
  const random = new Random(options.seed);
  const seen = new Uint8Array(hits.length);
  const words = new Uint32Array(hits.buffer, hits.byteOffset, hits.length / 4);
  const corpus: string[] = [];
  const tokens = tokensOf(target.seeds);
  const change = target.json === true ? mutateJson : mutate;
  const findings = new Map<string, Finding>();
  let executions = 0;
  let long = 0;
  let slowest = 0;
  let slowestText = '';

  const start = performance.now();
  const spent = () => (performance.now() - start) / (options.seconds * 1000);
  const run = (text: string): string | null => {
    executions++;
    before(text);
    hits.fill(0);
    return failureOf(target, text);
  };
  const found = (kind: Finding['kind'], signature: string, message: string, input: string) => {
    const key = `${kind} ${signature}`;
    if (findings.size < MOST_FINDINGS && !findings.has(key)) findings.set(key, { kind, message, input });
  };
  const trial = (text: string) => {
    const failure = run(text);
    if (isNew(words, hits, seen)) corpus.push(text);
    if (failure === null) return;
    const signature = signatureOf(failure);
    if (findings.has(`throw ${signature}`)) return;
    const least = shorten(text, (shorter) => {
      const message = run(shorter);
      return message !== null && signatureOf(message) === signature;
    });
    found('throw', signature, failureOf(target, least) ?? failure, least);
  };

  for (const text of ['', ...target.seeds]) trial(text);
  let longTime = 0;
  let warm: number | null = null;
  let warmCorpus = 0;
  while (spent() < 1) {
    for (let i = 0; i < 64; i++) {
      const text = random.once(2) ? random.pick(corpus.slice(-Math.ceil(corpus.length / 4))) : random.pick(corpus);
      trial(change(text, random.pick(corpus), tokens, random).slice(0, LONGEST));
    }
    const now = spent();
    // One eighth of the time is for long texts: one can take as long as thousands of short ones.
    if (longTime < now / 8) {
      const before = spent();
      const { perMB, slow, failure, input } = stretch(random.pick(corpus), target.longest ?? MB, run, random);
      long++;
      if (perMB > slowest) [slowest, slowestText] = [perMB, input];
      if (slow !== null) found('slow', 'text', slow, input);
      if (failure !== null) found('throw', signatureOf(failure), failure, input);
      longTime += spent() - before;
    }
    if (warm === null && now > 1 / 3) {
      warm = heap();
      warmCorpus = lengthOf(corpus);
    }
  }
  const growth = warm === null ? 0 : (heap() - warm - 2 * (lengthOf(corpus) - warmCorpus)) / MB;
  if (growth > MOST_GROWTH) found('memory', '', `the heap grew by ${growth.toFixed(1)} MB`, '');
  const branches = seen.reduce((sum, bits) => sum + (bits === 0 ? 0 : 1), 0);
  return {
    executions,
    corpus: corpus.length,
    branches,
    long,
    slowest,
    slowestText,
    growth,
    findings: [...findings.values()],
  };
}

/** What a target throws for a text, with the place; null when it holds. */
export function failureOf(target: Target, text: string): string | null {
  try {
    target.run(text);
    return null;
  } catch (error) {
    if (!(error instanceof Error)) return `threw what is no error: ${String(error)}`;
    const place = error.stack?.split('\n').find((line) => line.includes('/src/') || line.includes('.mjs:')) ?? '';
    return `${error.name}: ${error.message.slice(0, 500)}${place === '' ? '' : `\n${place}`}`;
  }
}

/** One for what differs by numbers and quoted text only. */
function signatureOf(failure: string): string {
  return failure.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""').replaceAll(/\d+/g, '0');
}

/** Whether a branch ran as often as never before, in steps as AFL has them; notes it. */
function isNew(words: Uint32Array, hits: Uint8Array, seen: Uint8Array): boolean {
  let fresh = false;
  for (let w = 0; w < words.length; w++) {
    if (words[w] === 0) continue;
    for (let i = 4 * w; i < 4 * w + 4; i++) {
      const bit = stepOf(hits[i] as number);
      if (((seen[i] as number) & bit) === bit) continue;
      seen[i] = (seen[i] as number) | bit;
      fresh = true;
    }
  }
  return fresh;
}

function stepOf(count: number): number {
  if (count <= 3) return count === 0 ? 0 : 1 << (count - 1);
  if (count < 8) return 8;
  if (count < 16) return 16;
  if (count < 32) return 32;
  return count < 128 ? 64 : 128;
}

/** The shortest text by cutting that still fails, within bounds. */
function shorten(text: string, fails: (shorter: string) => boolean): string {
  let least = text;
  let tries = 2000;
  for (let size = Math.ceil(least.length / 2); size >= 1 && tries > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < least.length && tries-- > 0; ) {
      const shorter = least.slice(0, at) + least.slice(at + size);
      if (fails(shorter)) least = shorter;
      else at += size;
    }
  }
  return least;
}

/** Runs a part of a text over and over, at a quarter of the length and at an eighth of that, and now and then at the whole length. */
function stretch(text: string, longest: number, run: (text: string) => string | null, random: Random) {
  const at = random.below(text.length + 1);
  const end = random.once(3) ? text.length : Math.min(text.length, at + 1 + random.below(24));
  const part = random.once(2) ? `${text.slice(at, end)}\n` : text.slice(at, end) || 'a';
  const [head, tail] = [random.once(3) ? '' : text.slice(0, at), random.once(3) ? '' : text.slice(end)];
  const long = random.once(4) ? longest : longest / 4;
  const repeated = (length: number) => Math.ceil(Math.max(0, length - text.length) / part.length);
  const ofLength = (length: number) => head + part.repeat(repeated(length)) + tail;
  let failure = null as string | null;
  const time = (length: number, times: number) => {
    const input = ofLength(length);
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < times; i++) {
      // Of the processor, not of the clock: other processes take their share of that.
      const start = process.cpuUsage();
      const message = run(input);
      const { user, system } = process.cpuUsage(start);
      least = Math.min(least, (user + system) / 1000);
      if (message !== null) failure = `${input.length} characters: ${message}`;
    }
    return least;
  };
  const less = time(long / 8, 1);
  const more = time(long, 1);
  let slow: string | null = null;
  if (more > LEAST_TIME && more > MOST_RATIO * less) {
    // A collection of garbage or another process makes one time long: what is too slow is timed again. A text that is
    // refused at once while it is short, and read when it is longer, takes much more time at one doubling alone.
    const times = [8, 4, 2, 1].map((part) => time(long / part, 3));
    const [eighth = 0, quarter = 0, half = 0, whole = 0] = times;
    const grows = whole > MOST_DOUBLING * half && half > MOST_DOUBLING * quarter;
    if (whole > LEAST_TIME && whole > MOST_RATIO * eighth && grows) {
      slow = `${long} characters take ${whole.toFixed(0)} ms, parts of them ${times.map((ms) => ms.toFixed(1)).join(', ')}`;
    }
  }
  const perMB = (more / ofLength(long).length) * MB;
  return { perMB, slow, failure, input: JSON.stringify({ head, part, times: repeated(long), tail }) };
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}
