import type { EndpointDialect } from '../../socket/index.js';

/** Where something begins in a file, both numbers from 1. Columns count UTF-16 code units, as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A bind as a file writes it, not yet checked. */
export interface FoundBind extends Place {
  /** What the file calls it: the name of a service, of a server; null for nothing. */
  readonly name: string | null;
  /** As it is written, or what the program does when nothing is: one line for a report. */
  readonly text: string;
  readonly source: EndpointSource | FieldsSource;
  /** Whether the program asks the kernel to bind addresses that no interface has. */
  readonly freeBind: boolean;
  /** Whether the program makes a socket of its own for it, though another of its sockets takes the same connections. */
  readonly separate: boolean;
}

/** The text of an endpoint, of several where the dialect has lists, and what else the file says. */
export interface EndpointSource {
  readonly kind: 'endpoint';
  readonly text: string;
  readonly dialect: EndpointDialect;
  /** For a text without a port. */
  readonly defaultPort: number | null;
  /** What is said beside the text; it goes over what the text says. */
  readonly settings: BindSettings;
}

/** Fields of a bind config, whatever they are. */
export interface FieldsSource {
  readonly kind: 'fields';
  readonly fields: unknown;
  /** Where the keys of an object stand, as far as that is known. */
  readonly places: ReadonlyMap<string, Place>;
}

/** Fields of a bind config that stand beside its endpoint. */
export interface BindSettings {
  readonly protocol?: 'tcp' | 'udp';
  readonly ipv6Only?: boolean;
  readonly reusePort?: boolean;
  readonly backlog?: number;
}

/** Something that keeps a bind, or a whole file, from being checked. */
export interface Complaint extends Place {
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
}

/** Something worth knowing about a file, beside what its binds come to. */
export interface Remark extends Place {
  /** Stable: a program may compare it. */
  readonly code: string;
  /** A 'note' is no finding. */
  readonly severity: 'note' | 'warning';
  readonly message: string;
  readonly hint: string;
}

/** What a file says about binds. */
export interface Reading {
  readonly binds: readonly FoundBind[];
  readonly complaints: readonly Complaint[];
  readonly remarks: readonly Remark[];
}

/** Reads the text of a file; never throws, whatever the text. */
export type Reader = (text: string) => Reading;

/** What aliases repeat can be a thousand times what is written. */
const MOST_FOUND = 10_000;
const LONGEST_MESSAGE = 400;

/** Collects what a reader finds, up to a number. */
export class Findings implements Reading {
  readonly binds: FoundBind[] = [];
  readonly complaints: Complaint[] = [];
  readonly remarks: Remark[] = [];

  /** Whether nothing more is taken. */
  get isFull(): boolean {
    return this.binds.length + this.complaints.length + this.remarks.length > MOST_FOUND;
  }

  bind(place: Place, bind: Partial<FoundBind> & Pick<FoundBind, 'text' | 'source'>): void {
    const { line, column } = place;
    if (this.#hasRoom(place)) this.binds.push({ name: null, freeBind: false, separate: false, ...bind, line, column });
  }

  complain(place: Place, message: string, hint: string): void {
    const { line, column } = place;
    if (this.#hasRoom(place)) this.complaints.push({ line, column, message: bounded(message), hint: bounded(hint) });
  }

  note(place: Place, code: string, message: string, hint: string): void {
    this.#remark(place, { code, severity: 'note', message, hint });
  }

  warn(place: Place, code: string, message: string, hint: string): void {
    this.#remark(place, { code, severity: 'warning', message, hint });
  }

  #remark(place: Place, { code, severity, message, hint }: Omit<Remark, keyof Place>): void {
    const { line, column } = place;
    if (!this.#hasRoom(place)) return;
    this.remarks.push({ line, column, code, severity, message: bounded(message), hint: bounded(hint) });
  }

  #hasRoom({ line, column }: Place): boolean {
    if (this.isFull) return false;
    if (this.binds.length + this.complaints.length + this.remarks.length < MOST_FOUND) return true;
    this.complaints.push({ line, column, message: `more than ${MOST_FOUND} findings`, hint: 'check it in parts' });
    return false;
  }
}

/** A word of a file can be as long as the file: what a message says about it stands at its ends. */
function bounded(message: string): string {
  if (message.length <= LONGEST_MESSAGE) return message;
  const half = LONGEST_MESSAGE / 2;
  return `${message.slice(0, half)} … ${message.slice(-half)}`;
}

/** An endpoint of a dialect, with nothing beside it unless it is said. */
export function endpointSource(
  text: string,
  dialect: EndpointDialect,
  beside: Partial<Pick<EndpointSource, 'defaultPort' | 'settings'>> = {},
): EndpointSource {
  return { kind: 'endpoint', text, dialect, defaultPort: null, settings: {}, ...beside };
}

/** Fields of a bind config, and where they stand. */
export function fieldsSource(fields: unknown, places: ReadonlyMap<string, Place> = new Map()): FieldsSource {
  return { kind: 'fields', fields, places };
}

/** A line of a file, without its end. */
export interface Line {
  readonly text: string;
  readonly line: number;
}

/** The lines of a text, with their numbers. */
export function linesOf(text: string): Line[] {
  return text.split('\n').map((each, index) => ({ text: each.replace(/\r$/, ''), line: index + 1 }));
}

/** Finds the places of offsets in a text. */
export class Places {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  at(offset: number): Place {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#starts[low] as number) + 1 };
  }
}
