import { endpointSource, Findings, type Place, type Reading } from './found.js';
import type { Word } from './nginx-words.js';
import { NginxSyntaxError, nginxWords } from './nginx-words.js';

/** nginx: the `listen` lines of its servers, and the default of a server that has none. */
export function readNginx(text: string): Reading {
  const findings = new Findings();
  const reader = new NginxReader(findings);
  try {
    for (const word of nginxWords(text)) reader.take(word);
    reader.end();
  } catch (error) {
    if (!(error instanceof NginxSyntaxError)) throw error;
    findings.complain(error.place, error.message, error.hint);
  }
  return findings;
}

interface Block extends Place {
  readonly name: string;
  readonly listens: Listen[];
  serverName: string | null;
  /** Whether lines of it stand in another file. */
  includes: boolean;
}

interface Listen extends Place {
  readonly words: readonly Word[];
}

class NginxReader {
  readonly #findings: Findings;
  readonly #blocks: Block[] = [];
  #words: Word[] = [];

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  take(word: Word): void {
    if (word.kind === 'text') this.#words.push(word);
    else if (word.kind === ';') this.#directive(word);
    else if (word.kind === '{') this.#open(word);
    else this.#close(word);
  }

  end(): void {
    const [word] = this.#words;
    const open = this.#blocks.at(-1);
    if (word !== undefined) throw new NginxSyntaxError(word, `"${word.text}" has no end`, 'end the line with ;');
    if (open !== undefined) throw new NginxSyntaxError(open, `the block ${open.name} has no end`, 'close it with }');
  }

  #directive(at: Place): void {
    const words = this.#words;
    this.#words = [];
    const [first, ...rest] = words;
    if (first === undefined) throw new NginxSyntaxError(at, 'a ; without a directive', 'take it away');
    const block = this.#blocks.at(-1);
    if (first.text === 'include') {
      if (block !== undefined) block.includes = true;
      const hint = 'check the files, too, or all at once: nginx -T | inaddr bind check --format nginx --file -';
      this.#findings.note(first, 'NOT_FOLLOWED', `include ${rest[0]?.text ?? ''} is not followed`, hint);
    } else if (first.text === 'server_name' && block?.name === 'server') {
      block.serverName = rest.find(({ text }) => text !== '' && text !== '_')?.text ?? null;
    } else if (first.text === 'listen') {
      const listen = { words: rest, line: first.line, column: first.column };
      // A file that is included in a server has it outside of any.
      if (block?.name === 'server') block.listens.push(listen);
      else if (block === undefined) this.#listen(listen, null);
    }
  }

  #open(at: Place): void {
    const [first] = this.#words;
    this.#words = [];
    if (first === undefined) throw new NginxSyntaxError(at, 'a { without a directive', 'name the block');
    const { text, line, column } = first;
    this.#blocks.push({ name: text, listens: [], serverName: null, includes: false, line, column });
  }

  #close(at: Place): void {
    const [word] = this.#words;
    if (word !== undefined) throw new NginxSyntaxError(word, `"${word.text}" has no end`, 'end the line with ;');
    const block = this.#blocks.pop();
    if (block === undefined) throw new NginxSyntaxError(at, 'a } that closes nothing', 'take it away');
    if (block.name !== 'server') return;
    for (const listen of block.listens) this.#listen(listen, block.serverName);
    const inHttp = this.#blocks.every(({ name }) => name === 'http');
    if (block.listens.length === 0 && !block.includes && inHttp) {
      const source = endpointSource('*:80', 'nginx');
      this.#findings.bind(block, { name: block.serverName, text: '*:80 (no listen)', source });
    }
  }

  #listen({ words, ...place }: Listen, name: string | null): void {
    const [address, ...parameters] = words;
    if (address === undefined) {
      this.#findings.complain(place, 'listen without an address', 'write listen 127.0.0.1:8080;');
      return;
    }
    const written = words.map(({ text }) => text).join(' ');
    // The dialect knows the parameters that say where it listens.
    const settings: { reusePort?: boolean; backlog?: number } = {};
    for (const { text } of parameters) {
      if (text === 'reuseport') settings.reusePort = true;
      const backlog = /^backlog=([1-9]\d{0,8})$/.exec(text)?.[1];
      if (backlog !== undefined) settings.backlog = Number(backlog);
    }
    this.#findings.bind(address, {
      name,
      text: written,
      source: endpointSource(written, 'nginx', { settings }),
      separate: parameters.some(({ text }) => OWN_SOCKET.test(text)),
    });
  }
}

/** Parameters with which nginx makes a socket for an address though one for `*` takes the same port. */
const OWN_SOCKET =
  /^(?:bind|deferred|reuseport|(?:setfib|fastopen|backlog|rcvbuf|sndbuf|accept_filter|ipv6only|so_keepalive)=.*)$/;
