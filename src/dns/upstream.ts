import { isThenable } from '../checks/is-thenable.js';
import { quote } from '../checks/quote.js';
import type { Attempt, DnsErrorCode } from './error.js';
import type { Backend, CreateBackend, Outcome } from './exchange.js';
import { BackendError, exchange, readServer } from './exchange.js';
import { TimeIsOver } from './limit.js';
import { listOf } from './options.js';
import type { RecordType } from './records.js';
import type { Rest } from './rest.js';
import { askingOrder, restAfter, restWhileAsked } from './rest.js';
import type { Stop } from './stop.js';
import { Turns } from './turns.js';

export interface UpstreamOptions {
  /** One or more. */
  readonly servers: readonly string[];
  readonly attemptTimeoutMs: number;
  /** How often each server is asked at the most. */
  readonly attempts: number;
  readonly maxInFlight: number;
  readonly createBackend: CreateBackend;
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly onAttempt?: ((attempt: Attempt, name: string, type: RecordType) => void) | undefined;
}

/** Failures after which another server, or the same one later, may know better. */
const TRY_AGAIN: readonly DnsErrorCode[] = ['SERVFAIL', 'TIMEOUT', 'BAD_RESPONSE', 'UNREACHABLE'];
/** Failures after which another server may know better, and the same one will not. */
const TRY_ANOTHER: readonly DnsErrorCode[] = ['REFUSED', 'NOTIMP', 'FORMERR'];

/** What came of asking one server, by its place in the list. */
export interface Asked {
  readonly place: number;
  readonly outcome: Outcome;
}

/**
 * The place of the server to ask next, null when there is no more to do: all servers are asked once before one is asked again, and
 * one that refused is not.
 */
export function nextServer(asked: readonly Asked[], servers: number, attempts: number): number | null {
  const timesAsked = new Array<number>(servers).fill(0);
  for (const { place, outcome } of asked) {
    if (outcome.kind !== 'failure') return null;
    if (TRY_ANOTHER.includes(outcome.code)) timesAsked[place] = attempts;
    else if (TRY_AGAIN.includes(outcome.code)) timesAsked[place] = (timesAsked[place] ?? 0) + 1;
    else return null;
  }
  const least = Math.min(...timesAsked);
  return least < attempts ? timesAsked.indexOf(least) : null;
}

/** How much a failure says, from the least on; others say more. */
const TELLS_LITTLE: readonly DnsErrorCode[] = ['ABORTED', 'TIMEOUT', 'UNREACHABLE', 'BAD_RESPONSE'];

/** What several servers said, as one: an answer, or the failure that says most, a refusal before a silence; of equals the first. */
export function mostTelling(outcomes: readonly [Outcome, ...Outcome[]]): Outcome {
  const rank = (outcome: Outcome) => {
    if (outcome.kind !== 'failure') return TELLS_LITTLE.length + 1;
    const place = TELLS_LITTLE.indexOf(outcome.code);
    return place === -1 ? TELLS_LITTLE.length : place;
  };
  return outcomes.reduce((best, outcome) => (rank(outcome) > rank(best) ? outcome : best));
}

/** How far a question is: who does not wait for its end can still tell whom it was put to. */
export class Progress {
  readonly done: Attempt[] = [];
  #current: { readonly server: string; readonly start: number } | null = null;

  begin(server: string, now: number): void {
    this.#current = { server, start: now };
  }

  /** @returns the attempt that has ended */
  end(outcome: Outcome, now: number): Attempt {
    // Everybody's time was over: nobody has aborted.
    const timedOut = outcome.kind === 'failure' && outcome.code === 'ABORTED' && outcome.cause instanceof TimeIsOver;
    const code = timedOut ? 'TIMEOUT' : outcome.kind === 'records' ? 'ANSWER' : outcome.code;
    const attempt = this.#attempt(code, now);
    this.#current = null;
    if (attempt === null) throw new Error('no attempt has begun');
    this.done.push(attempt);
    return attempt;
  }

  /** All attempts, the one that goes on ended with `code`. */
  soFar(code: 'TIMEOUT' | 'ABORTED', now: number): readonly Attempt[] {
    const current = this.#attempt(code, now);
    return current === null ? [...this.done] : [...this.done, current];
  }

  #attempt(outcome: Attempt['outcome'], now: number): Attempt | null {
    if (this.#current === null) return null;
    const { server, start } = this.#current;
    return { server, outcome, ms: now - start };
  }
}

/** Several servers as one: failover, and a cap on questions in flight. */
export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #turns: Turns;
  #servers: readonly Server[];
  #questions = 0;

  /** @throws {TypeError} for a server that is none, and when there are none */
  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#turns = new Turns(options.maxInFlight);
    this.#servers = readServers(options.servers).map((text) => new Server(text, options.createBackend));
  }

  /** Questions put to servers so far, those whose answer is awaited, and those that wait for their turn. */
  get stats(): { readonly questions: number; readonly inFlight: number; readonly queued: number } {
    return { questions: this.#questions, inFlight: this.#turns.running, queued: this.#turns.waiting };
  }

  get servers(): string[] {
    return this.#servers.map(({ text }) => text);
  }

  /**
   * Other servers from now on; questions under way end with the servers that they were begun with.
   *
   * @throws {TypeError} for a server that is none, and when there are none; nothing changes then
   */
  setServers(servers: readonly string[]): void {
    const before = this.#servers;
    this.#servers = readServers(servers).map(
      (text) => before.find((server) => server.text === text) ?? new Server(text, this.#options.createBackend),
    );
    // Who sets servers knows more than we do.
    for (const server of this.#servers) server.rest = null;
  }

  /** Asks one server after another, until one has an answer, or all have failed. Never rejects. */
  async ask(name: string, type: RecordType, signal: Stop, progress: Progress): Promise<Outcome> {
    const { attempts, attemptTimeoutMs, clock, onAttempt } = this.#options;
    let servers = this.#servers;
    const asked: Asked[] = [];
    for (let place: number | null = 0; place !== null; place = nextServer(asked, servers.length, attempts)) {
      if (signal.aborted || !(this.#turns.enterAtOnce() || (await this.#turns.enter(signal))))
        return { kind: 'failure', code: 'ABORTED', cause: signal.reason };
      const start = clock();
      // Only now: while it waited for its turn, others may have found out who is silent.
      if (asked.length === 0) servers = askingOrder(servers, start);
      const server = servers[place];
      if (server === undefined) {
        this.#turns.leave();
        break;
      }
      this.#questions++;
      progress.begin(server.text, start);
      server.rest = restWhileAsked(server.rest, start);
      const outcome = await server.ask({ name, type }, attemptTimeoutMs, signal);
      this.#turns.leave();
      asked.push({ place, outcome });
      const end = clock();
      const attempt = progress.end(outcome, end);
      server.rest = restAfter(server.rest, outcome, attempt.ms, end);
      onAttempt?.(attempt, name, type);
      if (signal.aborted || outcome.kind !== 'failure') return outcome;
    }
    const [first, ...others] = asked.map(({ outcome }) => outcome);
    if (first === undefined) return { kind: 'failure', code: 'UNREACHABLE', cause: undefined };
    return mostTelling([first, ...others]);
  }
}

/** One server, with a backend made when it is first asked. */
class Server {
  readonly text: string;
  readonly #createBackend: CreateBackend;
  #backend: Backend | null = null;
  rest: Rest = null;
  /** Questions that somebody waits for, and those that nobody does and the backend has not settled. */
  #awaited = 0;
  readonly #abandoned = new Set<object>();

  constructor(text: string, createBackend: CreateBackend) {
    this.text = text;
    this.#createBackend = createBackend;
  }

  /** Never rejects. */
  ask(
    question: { readonly name: string; readonly type: RecordType },
    timeoutMs: number,
    signal: Stop,
  ): Promise<Outcome> {
    let backend: Backend;
    try {
      this.#backend ??= checkedBackend(this.#createBackend(this.text));
      backend = this.#backend;
    } catch (error) {
      const isOwn = error instanceof BackendError;
      const cause = isOwn ? error : new BackendError('createBackend has thrown', 'see its cause', error);
      return Promise.resolve({ kind: 'failure', code: 'UNREACHABLE', cause });
    }
    const open = { settled: false };
    const onEnd = () => {
      open.settled = true;
      // One that was abandoned is over by itself.
      this.#abandoned.delete(open);
    };
    const onSettled = () => {
      this.#awaited--;
      if (!open.settled) this.#abandoned.add(open);
      if (this.#awaited > 0 || this.#abandoned.size === 0) return;
      // Nobody waits for any open question: their sockets would keep the process alive, and `cancel` takes no others along.
      this.#abandoned.clear();
      cancel(backend);
    };
    this.#awaited++;
    return exchange(backend, question, { timeoutMs, signal, onEnd, onSettled });
  }
}

/** @throws {BackendError} for what can't be asked, a promise among it */
function checkedBackend(made: Backend): Backend {
  if (typeof made?.cancel === 'function') return made;
  // Nobody waits for it: its failure must not end the process.
  if (isThenable(made)) Promise.resolve(made).catch(() => {});
  const isObject = typeof made === 'object' && made !== null && !isThenable(made);
  const problem = isObject ? 'createBackend has given what has no cancel' : `createBackend has given ${quote(made)}`;
  throw new BackendError(problem, 'give what has resolve4, cancel and the like at once');
}

/** A backend may be anybody's: what it does not cancel ends by its own time. */
function cancel(backend: Backend): void {
  try {
    const cancelled: unknown = backend.cancel();
    if (isThenable(cancelled)) Promise.resolve(cancelled).catch(() => {});
  } catch {
    // Nothing else could be done about it.
  }
}

function readServers(given: readonly string[]): string[] {
  const servers = listOf('servers', given, "['192.0.2.1:53']");
  if (servers.length === 0) throw new TypeError('no servers: pass one at the least');
  // Not `map`, which skips the holes of a list.
  return Array.from(servers, readServer);
}
