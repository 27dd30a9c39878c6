import type { Address } from './address.js';
import { createIPv4 } from './address.js';
import { quote } from './address-parse-error.js';
import { parseNat64Prefixes } from './nat64.js';
import { checkList, checkOptions, checkWord } from './options.js';
import { load, toAddress } from './parse.js';
import { createPrefix, loadStored, Prefix, storedLength } from './prefix.js';
import { PrefixMap } from './prefix-map.js';
import { PrefixParseError } from './prefix-parse-error.js';
import type { EmbeddingOptions } from './transition.js';
import { embeddedBits } from './transition.js';
import { w1 } from './words.js';

const KEY = /* @__PURE__ */ Symbol('inaddr');

/** What a rule does with an address that it matches. */
export type RuleAction = 'allow' | 'deny';

/** A rule of a `RuleSet`. */
export interface Rule {
  readonly action: RuleAction;
  /** Which addresses it is about. A prefix inside ::ffff:0:0/96 is that of the IPv4 addresses. */
  readonly prefix: Prefix | string;
  /** What the rule is for: given back with the decision. */
  readonly name?: string | undefined;
}

/** Options of a `RuleSet`. */
export interface RuleSetOptions extends EmbeddingOptions {
  /** Which of several rules counts: the 'first' in the list, or the one with the 'longest' prefix. */
  readonly match: 'first' | 'longest';
  /** What happens to an address that no rule matches. */
  readonly otherwise: RuleAction;
}

/** What a `RuleSet` says about an address, and why. */
export interface Decision {
  /** What happens to the address. */
  readonly action: RuleAction;
  /** The rule that decided; null when none matched. */
  readonly rule: Rule | null;
  /** Which rule it is, from 0; null when none matched. */
  readonly index: number | null;
  /** The address that the rule matched: the one asked about without its zone, or the IPv4 address inside; null without a rule. */
  readonly matched: string | null;
  /** The decision in words, for a log. */
  readonly reason: string;
}

/** A rule that matches, its place in the list, and the address that it matches. */
interface Hit {
  readonly index: number;
  readonly rule: Rule;
  readonly address: Address;
  readonly length: number;
}

/**
 * Allow and deny rules over prefixes, that explain their answer. Made not to fail open: the zone of an address is ignored;
 * a deny rule matches when the address or an IPv4 address inside it is in the prefix, by whichever mechanism it is inside;
 * an allow rule must match what the address reaches, which is the embedded IPv4 address for IPv4-mapped and NAT64
 * addresses, nothing for a NAT64 address that is not written as RFC 6052 asks for, and the address itself for every other.
 * When an allow and a deny rule are equally near, deny counts.
 *
 * An IPv4-mapped address is its IPv4 address and nothing beside: `::/0` does not match it, as everywhere here.
 *
 * With `match: 'first'` the first rule of the list that matches counts. With `match: 'longest'` it is the one with the longest
 * prefix, looked for in each layer apart: a denied layer denies.
 */
export class RuleSet {
  readonly #rules: readonly Rule[];
  readonly #options: RuleSetOptions;
  /** The rules of each prefix, by their places in the list. Mapped prefixes count as IPv4. */
  readonly #map: PrefixMap<readonly number[]>;
  readonly #nat64: ReturnType<typeof parseNat64Prefixes>;

  private constructor(key: typeof KEY, rules: readonly Rule[], options: RuleSetOptions) {
    if (key !== KEY) throw new TypeError('RuleSet is not constructed with new; write RuleSet.from(rules, options)');
    this.#rules = rules;
    this.#options = options;
    this.#nat64 = parseNat64Prefixes(options.nat64 === undefined ? [] : options.nat64);
    // By the prefix as it is stored: the mapped and the IPv4 way of writing one are the same here.
    const byPrefix = new Map<string, { readonly prefix: Prefix; readonly places: number[] }>();
    for (const [index, { prefix }] of rules.entries()) {
      const stored = createPrefix(loadStored(prefix, {}), storedLength);
      const known = byPrefix.get(stored.toString());
      if (known === undefined) byPrefix.set(stored.toString(), { prefix: stored, places: [index] });
      else known.places.push(index);
    }
    // All at once: rule by rule, thousands of hosts of one network would take minutes.
    this.#map = PrefixMap.from(Array.from(byPrefix.values(), ({ prefix, places }) => [prefix, places] as const));
  }

  /**
   * The rules in the order in which they are given.
   *
   * @throws {PrefixParseError} when the prefix of a rule is text that is none
   * @throws {TypeError} when an action, `match` or `otherwise` is none of its words: there are no defaults to guess; and when
   *   `rules` is no list
   * @throws {AddressParseError} `NAT64_PREFIX` for a declared prefix that can't be one
   */
  static from(rules: Iterable<Rule>, options: RuleSetOptions): RuleSet {
    checkList(rules, "RuleSet.from([{ action: 'deny', prefix: '10.0.0.0/8' }], …)");
    const list = [...rules];
    for (const [index, rule] of list.entries()) {
      checkWord(rule?.action, ['allow', 'deny'], `action of rule ${index}`);
      if (rule.name !== undefined && typeof rule.name !== 'string') {
        throw new TypeError(`name of rule ${index} is ${quote(rule.name)}: write text, or leave it out`);
      }
      if (typeof rule.prefix !== 'string' && !(rule.prefix instanceof Prefix)) {
        const [problem, hint] = [
          `prefix of rule ${index} is ${typeof rule.prefix}, not text`,
          'pass the prefix as a string',
        ];
        throw new PrefixParseError(rule.prefix, { code: 'NOT_TEXT', offset: 0, problem, hint });
      }
    }
    checkOptions(options, ['match', 'otherwise', 'nat64']);
    checkWord(options.match, ['first', 'longest'], 'match');
    checkWord(options.otherwise, ['allow', 'deny'], 'otherwise');
    return new RuleSet(
      KEY,
      list.map((rule) => Object.freeze({ ...rule })),
      { ...options },
    );
  }

  /**
   * Whether an address is allowed.
   *
   * @throws {AddressParseError} when given text that is no address
   */
  allows(address: Address | string): boolean {
    return this.decide(address).action === 'allow';
  }

  /**
   * What happens to an address, and why.
   *
   * @throws {AddressParseError} when given text that is no address
   */
  decide(address: Address | string): Decision {
    const { reached, layers } = this.#layersOf(address);
    const hits = layers.flatMap((layer) => this.#hits(layer, layer === reached));
    const hit = this.#options.match === 'first' ? firstOf(hits) : this.#nearest(layers, hits, reached);
    if (hit === null) {
      const action = this.#options.otherwise;
      return {
        action,
        rule: null,
        index: null,
        matched: null,
        reason: `no rule matches ${address}, otherwise ${action}`,
      };
    }
    const { rule, index } = hit;
    const matched = hit.address.toString();
    const named = rule.name === undefined ? '' : ` (${rule.name})`;
    const inside = matched === String(address) ? '' : ` of ${address}`;
    const reason = `rule ${index}${named}: ${rule.action} ${rule.prefix}, matches ${matched}${inside}`;
    return { action: rule.action, rule, index, matched, reason };
  }

  /** The address without its zone and the IPv4 address inside it; `reached` is the one that packets reach, if any. */
  #layersOf(address: Address | string): { reached: Address | null; layers: readonly Address[] } {
    const value = toAddress(address);
    if (value.family === 4) return { reached: value, layers: [value] };
    const outer = value.withZone(null);
    load(outer);
    const found = embeddedBits(this.#nat64);
    if (found === null) return { reached: outer, layers: [outer] };
    const inner = createIPv4(found.bits);
    // A Teredo packet goes to the server, too.
    if (found.mechanism === 'teredo') return { reached: outer, layers: [outer, inner, createIPv4(w1)] };
    // A mapped address is its IPv4 address to the map, so there is one layer.
    if (found.mechanism === 'mapped') return { reached: inner, layers: [inner] };
    if (found.mechanism !== 'nat64') return { reached: outer, layers: [outer, inner] };
    // Translators do not look at octet 8, so where it is not zero the address is never simply the outer one.
    return { reached: found.canonical ? inner : null, layers: [outer, inner] };
  }

  /** The rules that match a layer; of one that is not reached only those that can deny. */
  #hits(address: Address, isReached: boolean): Hit[] {
    return this.#map.matches(address).flatMap(({ prefix, value }) =>
      value.flatMap((index) => {
        const rule = this.#rules[index];
        if (rule === undefined || (rule.action === 'allow' && !isReached && this.#options.match === 'first')) return [];
        return [{ index, rule, address, length: prefix.length }];
      }),
    );
  }

  /** By the longest prefix of each layer: a layer that denies decides, then the layer that is reached. */
  #nearest(layers: readonly Address[], hits: readonly Hit[], reached: Address | null): Hit | null {
    const best = layers.map((layer) => longestOf(hits.filter((hit) => hit.address === layer)));
    const denied = best.find((hit) => hit?.rule.action === 'deny');
    if (denied !== undefined) return denied;
    return best.find((_, layer) => layers[layer] === reached) ?? null;
  }
}

function firstOf(hits: readonly Hit[]): Hit | null {
  return hits.reduce<Hit | null>((first, hit) => (first === null || hit.index < first.index ? hit : first), null);
}

function longestOf(hits: readonly Hit[]): Hit | null {
  return hits.reduce<Hit | null>((best, hit) => {
    if (best === null || hit.length > best.length) return hit;
    return hit.length === best.length && hit.rule.action === 'deny' && best.rule.action === 'allow' ? hit : best;
  }, null);
}
