import type { Attempt, DnsErrorCode } from './error.js';
import type { Backend, CreateBackend, Outcome } from './exchange.js';
import { exchange, readServer } from './exchange.js';
import type { RecordType } from './records.js';

/** What the servers said in the end, and how it came to that. */
export interface Upstreamed {
  readonly outcome: Outcome;
  readonly trace: readonly Attempt[];
}

export interface UpstreamOptions {
  readonly servers: readonly string[];
  readonly attemptTimeoutMs: number;
  /** How often each server is asked at the most. */
  readonly attempts: number;
  readonly maxInFlight: number;
  readonly createBackend: CreateBackend;
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly onAttempt?: ((attempt: Attempt & { readonly name: string; readonly type: RecordType }) => void) | undefined;
}

/** Failures after which another server may know better. */
const FAILOVER: readonly DnsErrorCode[] = [
  'SERVFAIL',
  'REFUSED',
  'TIMEOUT',
  'BAD_RESPONSE',
  'UNREACHABLE',
  'NOTIMP',
  'FORMERR',
];

/** The place of the server to ask next, all servers once before one is asked again; null when there is no more to do. */
export function nextServer(trace: readonly Attempt[], servers: number, attempts: number): number | null {
  const last = trace.at(-1);
  if (last !== undefined && (last.outcome === 'ANSWER' || !FAILOVER.includes(last.outcome))) return null;
  return trace.length < servers * attempts ? trace.length % servers : null;
}

/** Of the failures of all servers the one that says most: an answer that refuses before a silence. */
export function mostTelling(outcomes: readonly Outcome[]): Outcome {
  const rank = (outcome: Outcome) =>
    outcome.kind === 'failure' ? ['TIMEOUT', 'UNREACHABLE', 'BAD_RESPONSE'].indexOf(outcome.code) : 3;
  return outcomes.reduce((best, outcome) => {
    const [a, b] = [rank(best), rank(outcome)];
    return (b === -1 ? 4 : b) > (a === -1 ? 4 : a) ? outcome : best;
  });
}

/** Several servers as one: failover, a cap on questions in flight, and one question at a time for each name and type. */
export class Upstream {
  readonly #options: UpstreamOptions;
  #servers: Server[];
  readonly #flights = new Map<string, Flight>();
  readonly #queue: (() => void)[] = [];
  #inFlight = 0;
  #questions = 0;

  /** @throws {TypeError} for a server that is none */
  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#servers = options.servers.map((server) => new Server(readServer(server), options));
  }

  /** Questions put to servers, so far and now, and callers' questions that wait for their turn. */
  get stats(): { readonly questions: number; readonly inFlight: number; readonly queued: number } {
    return { questions: this.#questions, inFlight: this.#inFlight, queued: this.#queue.length };
  }

  get servers(): string[] {
    return this.#servers.map(({ text }) => text);
  }

  /**
   * Other servers from now on; questions in flight end with the servers that they were put to.
   *
   * @throws {TypeError} for a server that is none; nothing changes then
   */
  setServers(servers: readonly string[]): void {
    const checked = servers.map(readServer);
    this.#servers = checked.map(
      (text) => this.#servers.find((server) => server.text === text) ?? new Server(text, this.#options),
    );
  }

  /**
   * Asks, or joins the same question that is being asked. One caller's abort hurts nobody else; when all have gone, the question
   * is given up. Never rejects.
   *
   * @param onResult called once for each question that ends with an answer or a failure of the servers, before anybody who waits
   */
  ask(
    name: string,
    type: RecordType,
    signal: AbortSignal,
    onResult: (upstreamed: Upstreamed) => void,
  ): Promise<Upstreamed> {
    const key = `${type} ${name}`;
    let flight = this.#flights.get(key);
    if (flight === undefined || flight.abandoned) {
      const started = new Flight((own) => this.#run(name, type, own));
      flight = started;
      this.#flights.set(key, started);
      // Only who put the entry takes it away.
      void started.result.then((upstreamed) => {
        if (this.#flights.get(key) === started) this.#flights.delete(key);
        if (!started.abandoned) onResult(upstreamed);
      });
    }
    return flight.join(signal);
  }

  /** Gives up every question. */
  close(): void {
    for (const flight of this.#flights.values()) flight.abandon();
  }

  async #run(name: string, type: RecordType, signal: AbortSignal): Promise<Upstreamed> {
    const { attempts, attemptTimeoutMs, clock } = this.#options;
    const servers = this.#servers;
    const trace: Attempt[] = [];
    const outcomes: Outcome[] = [];
    for (;;) {
      const next = nextServer(trace, servers.length, attempts);
      const server = next === null ? undefined : servers[next];
      if (server === undefined) break;
      if (!(await this.#enter(signal)))
        return { outcome: { kind: 'failure', code: 'ABORTED', cause: signal.reason }, trace };
      const start = clock();
      const outcome = await server.ask({ name, type }, attemptTimeoutMs, signal).finally(() => this.#leave());
      const attempt: Attempt = {
        server: server.text,
        outcome: outcome.kind === 'records' ? 'ANSWER' : outcome.code,
        ms: clock() - start,
      };
      trace.push(attempt);
      outcomes.push(outcome);
      this.#options.onAttempt?.({ ...attempt, name, type });
    }
    const last = outcomes.at(-1);
    if (last === undefined) return { outcome: { kind: 'failure', code: 'UNREACHABLE', cause: undefined }, trace };
    return { outcome: last.kind === 'failure' ? mostTelling(outcomes) : last, trace };
  }

  /** Waits for a place among the questions in flight, first come, first served; false when aborted while waiting. */
  #enter(signal: AbortSignal): Promise<boolean> {
    this.#questions++;
    if (this.#inFlight < this.#options.maxInFlight) {
      this.#inFlight++;
      return Promise.resolve(!signal.aborted || this.#leave());
    }
    return new Promise((resolve) => {
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = () => {
        const place = this.#queue.indexOf(enter);
        if (place >= 0) this.#queue.splice(place, 1);
        resolve(false);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queue.push(enter);
    });
  }

  #leave(): false {
    const next = this.#queue.shift();
    if (next === undefined) this.#inFlight--;
    else next();
    return false;
  }
}

/** One question that several callers may wait for. */
class Flight {
  readonly result: Promise<Upstreamed>;
  abandoned = false;
  readonly #controller = new AbortController();
  #waiting = 0;

  constructor(run: (signal: AbortSignal) => Promise<Upstreamed>) {
    this.result = run(this.#controller.signal);
  }

  join(signal: AbortSignal): Promise<Upstreamed> {
    this.#waiting++;
    return new Promise((resolve) => {
      const leave = () => {
        resolve({ outcome: { kind: 'failure', code: 'ABORTED', cause: signal.reason }, trace: [] });
        if (--this.#waiting === 0) this.abandon();
      };
      if (signal.aborted) {
        leave();
        return;
      }
      signal.addEventListener('abort', leave, { once: true });
      void this.result.then((upstreamed) => {
        signal.removeEventListener('abort', leave);
        resolve(upstreamed);
      });
    });
  }

  abandon(): void {
    this.abandoned = true;
    this.#controller.abort();
  }
}

/** One server, with a backend made when it is first asked. */
class Server {
  readonly text: string;
  readonly #createBackend: CreateBackend;
  readonly #clock: () => number;
  #backend: Backend | null = null;
  /** Questions that the backend has not settled, and how many of them nobody waits for. */
  #open = 0;
  #abandoned = 0;

  constructor(text: string, { createBackend, clock }: Pick<UpstreamOptions, 'createBackend' | 'clock'>) {
    this.text = text;
    this.#createBackend = createBackend;
    this.#clock = clock;
  }

  async ask(
    question: { readonly name: string; readonly type: RecordType },
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Outcome> {
    this.#backend ??= this.#createBackend(this.text);
    const backend = this.#backend;
    const deadline = this.#clock() + timeoutMs;
    for (;;) {
      const outcome = await this.#exchange(backend, question, Math.max(deadline - this.#clock(), 0), signal);
      // Another question's cancel took this one along: the same server is asked again, in what is left of the time.
      const hurt = outcome.kind === 'failure' && outcome.code === 'ABORTED' && !signal.aborted;
      if (!hurt) return outcome;
      if (this.#clock() >= deadline) return { kind: 'failure', code: 'TIMEOUT', cause: outcome.cause };
    }
  }

  async #exchange(
    backend: Backend,
    question: { readonly name: string; readonly type: RecordType },
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Outcome> {
    let open = true;
    let left = false;
    this.#open++;
    const onEnd = () => {
      open = false;
      this.#open--;
      if (left) this.#abandoned--;
    };
    const outcome = await exchange(backend, question, { timeoutMs, signal, onEnd });
    // `onEnd` may come a moment later even of a question that was answered.
    await Promise.resolve();
    if (open && outcome.kind === 'failure') {
      left = true;
      this.#abandoned++;
      // Nobody waits for any of the open questions: their sockets would keep the process alive.
      if (this.#open === this.#abandoned) backend.cancel();
    }
    return outcome;
  }
}
