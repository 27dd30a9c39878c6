import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { runShell, startCli } from './run-cli.js';

/** What a page shows of a command, and what the command really writes, where both are made equal in what differs each time. */
export interface Step {
  readonly command: string;
  readonly shown: string;
  readonly written: string;
}

/**
 * Runs what a page shows of a terminal: `$ inaddr … &` starts a server, and shows the lines that it writes first; `$ kill %1` ends it,
 * and shows the rest of what it has written; every other command runs in a shell to its end. The port that the page shows of the server
 * is the kernel's in truth.
 */
export async function runTranscript(code: string): Promise<Step[]> {
  const ports = new Map<string, string>();
  let server: Background | null = null;
  const steps: Step[] = [];
  try {
    for (const session of code.split(/^\$ /m).slice(1)) {
      const [command = '', ...lines] = session.trimEnd().split('\n');
      const shown = lines.join('\n');
      let written: string;
      if (command.endsWith(' &')) {
        server = new Background(command.slice('inaddr '.length, -' &'.length).split(' '));
        written = await server.firstLines(lines.length);
        ports.set(portOf(shown), portOf(written));
      } else if (command === 'kill %1' && server !== null) {
        written = await server.end();
      } else {
        const real = [...ports].reduce((text, [page, truth]) => text.replaceAll(page, truth), command);
        written = (await runShell(`{ ${real}; } 2>&1`)).stdout;
      }
      const truth = [...ports].reduce((text, [page, real]) => text.replaceAll(`:${real}`, `:${page}`), written);
      const known = [...ports.keys()];
      steps.push({ command, shown: blank(shown, known), written: blank(truth.trimEnd(), known) });
    }
    return steps;
  } finally {
    server?.kill();
  }
}

function portOf(text: string): string {
  const port = /listening on \S+:(\d+)/.exec(text)?.[1];
  if (port === undefined) throw new Error(`the server does not say where it listens: ${text}`);
  return port;
}

/** Ports of clients and numbers of processes are others each time. */
function blank(text: string, known: readonly string[]): string {
  return text
    .replace(/(?<=[\d\]]):(\d{5})\b/g, (whole, port: string) => (known.includes(port) ? whole : ':PORT'))
    .replace(/held by "[^"]*" \(pid \d+\)/g, 'held by PROGRAM');
}

class Background {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<unknown>;
  #output = '';
  #seen = 0;

  constructor(args: readonly string[]) {
    this.#child = startCli(args);
    this.#exited = once(this.#child, 'close');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk;
      });
    }
  }

  async firstLines(count: number): Promise<string> {
    while (this.#output.split('\n').length <= count) {
      const ended = await Promise.race([once(this.#child.stdout, 'data').then(() => false), this.#exited]);
      if (ended !== false) throw new Error(`it has ended: ${this.#output}`);
    }
    const lines = this.#output.split('\n').slice(0, count).join('\n');
    this.#seen = lines.length + 1;
    return lines;
  }

  async end(): Promise<string> {
    this.#child.kill('SIGTERM');
    await this.#exited;
    return this.#output.slice(this.#seen);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
