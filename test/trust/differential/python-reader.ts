import type { ChildProcessByStdio } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** What Python's `ipaddress` and the C library read. */
export interface PythonReadings {
  readonly ipaddress: string | null;
  readonly getaddrinfo: string | null;
  readonly inetAton: string | null;
}

/** Python's `ipaddress` and the C library's `getaddrinfo` with AI_NUMERICHOST, which asks nobody. */
export class PythonReader {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  private constructor() {
    this.#child = spawn('python3', ['test/trust/differential/reader.py'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** Null where there is no Python. */
  static start(): PythonReader | null {
    return spawnSync('python3', ['--version']).status === 0 ? new PythonReader() : null;
  }

  async read(texts: readonly string[]): Promise<readonly PythonReadings[]> {
    this.#child.stdin.write(`${JSON.stringify(texts)}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('python3 ended');
    return JSON.parse(value) as readonly PythonReadings[];
  }

  stop(): void {
    this.#child.stdin.end();
  }
}
