import { isRegExp } from 'node:util/types';
import { checkOptions } from '../checks/options.js';
import { quote } from '../checks/quote.js';
import { checkInteger } from './arguments.js';
import { checkFault, type DnsQuestion, type Fault, type FaultParts, type RuleMatch } from './faults.js';
import { foldName } from './name.js';
import { canonicalType, typeNumber } from './record-type.js';

/** A rule of a running server. */
export interface Rule extends Disposable {
  /** How many questions it has changed the answer of. */
  readonly fired: number;
  /** From the next question on the rule is not there. Twice is as once. */
  remove(): void;
}

/** The rules of a server, in the order in which they were added: the first that fires decides. */
export class RuleBook {
  readonly #seed: number;
  #rules: ActiveRule[] = [];
  #added = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * @throws {TypeError} for a part of a match or a fault that there is not, or is none
   * @throws {RangeError} for a match or a fault that is out of its range
   */
  add(match: RuleMatch, fault: Fault): Rule {
    // Each rule draws from its own numbers, so that a new rule does not change what an older one does.
    const rule = new ActiveRule(match, checkFault(fault), this.#seed + 0x9e37_79b9 * ++this.#added, (gone) => {
      this.#rules = this.#rules.filter((each) => each !== gone);
    });
    this.#rules.push(rule);
    return rule;
  }

  /** The fault for a question, and how often its rule has fired for this name and type, this time included. */
  take(question: DnsQuestion): { fault: FaultParts; nth: number } {
    for (const rule of this.#rules) {
      const nth = rule.fires(question);
      if (nth > 0) return { fault: rule.fault, nth };
    }
    return { fault: {}, nth: 0 };
  }

  /** All rules are as new. */
  restart(): void {
    for (const rule of this.#rules) rule.restart();
  }
}

class ActiveRule implements Rule {
  readonly fault: FaultParts;
  readonly #match: RuleMatch;
  readonly #seed: number;
  readonly #gone: (rule: ActiveRule) => void;
  #random: () => number;
  #matched = 0;
  #fired = 0;
  readonly #firedFor = new Map<string, number>();

  constructor(match: RuleMatch, fault: FaultParts, seed: number, gone: (rule: ActiveRule) => void) {
    checkMatch(match, [...WHICH, ...WHEN]);
    this.#match = match;
    this.fault = fault;
    this.#seed = seed;
    this.#gone = gone;
    this.#random = randomFrom(seed);
  }

  get fired(): number {
    return this.#fired;
  }

  remove(): void {
    this.#gone(this);
  }

  [Symbol.dispose](): void {
    this.remove();
  }

  restart(): void {
    this.#random = randomFrom(this.#seed);
    this.#matched = 0;
    this.#fired = 0;
    this.#firedFor.clear();
  }

  /** How often it has fired for the name and type of this question, this time included; 0 when it does not fire. */
  fires(question: DnsQuestion): number {
    const { times = Number.POSITIVE_INFINITY, every = 1, probability = 1 } = this.#match;
    if (!matches(this.#match, question)) return 0;
    this.#matched += 1;
    if (this.#fired >= times || this.#matched % every !== 0) return 0;
    if (probability < 1 && this.#random() >= probability) return 0;
    this.#fired += 1;
    const key = `${question.type} ${foldName(question.name)}`;
    const nth = (this.#firedFor.get(key) ?? 0) + 1;
    this.#firedFor.set(key, nth);
    return nth;
  }
}

/** What of a match is about a question, whatever came before it. */
export const WHICH = ['name', 'type', 'transport'] as const;
const WHEN = ['times', 'every', 'probability'] as const;

/**
 * @param known the parts that it may have
 * @throws {TypeError} for a part that there is not: the rule would be for every question; and for a name that is none
 * @throws {RangeError} for a type, a transport, a count or a chance that is none
 */
export function checkMatch(match: RuleMatch, known: readonly (keyof RuleMatch)[]): void {
  checkOptions(match, known);
  // What is not given is looked at as something that is in order.
  const { name = '.', type = 'A', transport = 'udp', times = 1, every = 1, probability = 1 } = match;
  if (typeof name !== 'string' && !isRegExp(name))
    throw new TypeError(`name is ${quote(name)}: pass a name or a regular expression`);
  canonicalType(type);
  if (transport !== 'udp' && transport !== 'tcp')
    throw new RangeError(`transport ${quote(transport)}: pass 'udp' or 'tcp'`);
  checkInteger('times', times, 1, Number.MAX_SAFE_INTEGER);
  checkInteger('every', every, 1, Number.MAX_SAFE_INTEGER);
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1))
    throw new RangeError(`probability ${quote(probability)}: pass a number from 0 to 1`);
}

/** Whether a question is one that a match is for, whatever its counts say. */
export function matches({ name, type, transport }: RuleMatch, question: DnsQuestion): boolean {
  if (type !== undefined && typeNumber(type) !== typeNumber(question.type)) return false;
  if (transport !== undefined && transport !== question.transport) return false;
  if (name === undefined) return true;
  const asked = foldName(question.name);
  // Not `test`, which moves a global expression on.
  if (typeof name !== 'string') return asked.search(name) !== -1;
  const wanted = foldName(name);
  return wanted.startsWith('*.') ? asked.endsWith(wanted.slice(1)) && asked !== wanted.slice(1) : asked === wanted;
}

/** Mulberry32: numbers from 0 up to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
