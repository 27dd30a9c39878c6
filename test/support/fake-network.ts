import type { NetConnectOpts } from 'node:net';
import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { AttemptOutcome, ConnectIo } from '../../src/tcp/connect-io.js';
import type { SourceAddress } from '../../src/tcp/sort-addresses.js';

interface FakeAttempt {
  readonly options: NetConnectOpts;
  readonly outcome: AttemptOutcome;
  open: boolean;
}

interface FakeTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that goes when it is told to, and a network in which attempts end when they are told to. */
export class FakeNetwork implements ConnectIo {
  nowMs = 0;
  /** In the order in which they began. */
  readonly attempts: FakeAttempt[] = [];
  readonly timers = new Set<FakeTimer>();
  sources: ConnectIo['sources'] = async (destinations) =>
    destinations.map((address): SourceAddress => ({ address, prefixLength: 0 }));

  readonly now = () => this.nowMs;

  readonly after = (ms: number, callback: () => void) => {
    const timer = { dueMs: this.nowMs + ms, callback };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  };

  readonly open = (options: NetConnectOpts, outcome: AttemptOutcome) => {
    const attempt: FakeAttempt = { options, outcome, open: true };
    this.attempts.push(attempt);
    return () => {
      attempt.open = false;
    };
  };

  /** The addresses to which attempts were begun, in order. */
  get tried(): string[] {
    return this.attempts.map(({ options }) => ('host' in options ? String(options.host) : ''));
  }

  /** Those of attempts that go on. */
  get trying(): string[] {
    return this.attempts.flatMap(({ open }, index) => (open ? (this.tried[index] ?? '') : []));
  }

  /** Lets so much time pass, and in it everything happen that is due. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await setImmediate();
    for (;;) {
      const next = [...this.timers].sort((one, other) => one.dueMs - other.dueMs)[0];
      if (next === undefined || next.dueMs > untilMs) break;
      this.nowMs = next.dueMs;
      this.timers.delete(next);
      next.callback();
      await setImmediate();
    }
    this.nowMs = untilMs;
  }

  /** The attempt to an address fails. */
  fail(address: string, code = 'ECONNREFUSED'): void {
    this.#take(address).outcome.failed(Object.assign(new Error(`connect ${code} ${address}`), { code }));
  }

  /** The attempt to an address connects. */
  connect(address: string): Socket {
    const socket = new Socket();
    this.#take(address).outcome.connected(socket);
    return socket;
  }

  #take(address: string): FakeAttempt {
    const attempt = this.attempts.find((one, index) => one.open && this.tried[index] === address);
    if (attempt === undefined) throw new Error(`no attempt to ${address} goes on, but to ${this.trying.join(', ')}`);
    attempt.open = false;
    return attempt;
  }
}
