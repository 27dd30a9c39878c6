import type { Answer } from './answer.js';
import type { HostsTable } from './hosts.js';
import type { RecordType } from './records.js';

/** An answer of the cache, put together, and what it holds for. */
export interface Ready {
  readonly answer: Answer;
  /** How many answers of the cache it is made of. */
  readonly hits: number;
  /** When one of them ends or a TTL counts down, by the monotonic clock, ms: a second from now at the most. */
  readonly until: number;
  /** The hosts file, which had nothing to say. */
  readonly hosts: HostsTable | null;
}

/** Names that are remembered for each type; when there are more, all are forgotten. */
const MOST_NAMES = 1000;
/** Longer answers are not kept: there is more to copy in them than to find. */
const MOST_RECORDS = 100;

/**
 * Answers of the cache as they were given, for who asks again within the same second: to read the name, to count TTLs down, to judge
 * addresses takes ten times as long as to find the answer here. By text, so that `A.test` and `a.test` are two.
 */
export class ReadyAnswers {
  readonly #byType = new Map<RecordType | null, Map<string, Ready>>();

  get(text: string, type: RecordType | null, hosts: HostsTable | null, now: number): Ready | null {
    const ready = this.#byType.get(type)?.get(text);
    return ready !== undefined && now < ready.until && ready.hosts === hosts ? ready : null;
  }

  set(text: string, type: RecordType | null, ready: Ready): void {
    if (ready.answer.records.length > MOST_RECORDS) return;
    const ofType = this.#byType.get(type);
    if (ofType === undefined) {
      this.#byType.set(type, new Map([[text, ready]]));
      return;
    }
    if (ofType.size >= MOST_NAMES && !ofType.has(text)) ofType.clear();
    ofType.set(text, ready);
  }

  clear(): void {
    this.#byType.clear();
  }
}
