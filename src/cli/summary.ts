import { addressClass, reachesGlobally } from '../ip/classify.js';
import type { Classification } from '../ip/index.js';
import { allVerdicts, verdictOfIPv4, verdictOfIPv6 } from '../ip/verdict.js';
import { w0, w1, w2, w3 } from '../ip/words.js';
import type { Paint } from './output.js';
import { table } from './output.js';

/** How many addresses there are of each kind, scope and class. */
export interface Counts {
  readonly addresses: number;
  readonly ipv4: number;
  readonly ipv6: number;
  readonly globallyReachable: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly scopes: Readonly<Record<string, number>>;
  readonly classes: Readonly<Record<string, number>>;
}

/** Counts addresses by verdict: an addition to a typed array each, names only when it is asked for them. */
export class Summary {
  // What an address is counted for follows from its verdict: one addition each in the loop, all else in `counts`.
  // Float64Array counts beyond 2^32.
  readonly #verdicts = new Float64Array(allVerdicts().length);
  readonly #firstOctets = new Float64Array(256);
  /** Of IPv4-mapped addresses, by the verdict on the IPv4 address, whose scope and reachability they have. */
  readonly #mapped = new Float64Array(allVerdicts().length);
  /** IPv6 addresses whose verdict says reachable, and which embed an IPv4 address that is not. */
  #unreachable = 0;
  readonly #more = new Map<string, number>();
  #ipv4 = 0;
  #ipv6 = 0;
  #globallyReachable = 0;

  /** Counts the address in the words, which `readBytes` has put there. */
  addWords(family: 4 | 6): void {
    if (family === 4) {
      const { index } = verdictOfIPv4(w3);
      this.#verdicts[index] = (this.#verdicts[index] as number) + 1;
      this.#firstOctets[w3 >>> 24] = (this.#firstOctets[w3 >>> 24] as number) + 1;
      return;
    }
    const verdict = verdictOfIPv6(w0, w1, w2, w3);
    this.#verdicts[verdict.index] = (this.#verdicts[verdict.index] as number) + 1;
    if (verdict.kind === 'mapped') {
      const { index } = verdictOfIPv4(w3);
      this.#mapped[index] = (this.#mapped[index] as number) + 1;
    } else if (verdict.globallyReachable && !reachesGlobally(verdict)) this.#unreachable++;
  }

  /** Counts an address that has been classified already. */
  add({ family, kind, scope, addressClass, globallyReachable }: Classification): void {
    if (family === 4) this.#ipv4++;
    else this.#ipv6++;
    if (globallyReachable) this.#globallyReachable++;
    for (const name of [`kind ${kind}`, `scope ${scope ?? 'none'}`, `class ${addressClass ?? 'none (IPv6)'}`]) {
      this.#more.set(name, (this.#more.get(name) ?? 0) + 1);
    }
  }

  counts(): Counts {
    const names = new Map(this.#more);
    const count = (name: string, more: number) => {
      if (more > 0) names.set(name, (names.get(name) ?? 0) + more);
    };
    let ipv4 = this.#ipv4;
    let ipv6 = this.#ipv6;
    let globallyReachable = this.#globallyReachable - this.#unreachable;
    let counted = 0;
    for (const { kind, scope, globallyReachable: reachable, index } of allVerdicts()) {
      const own = this.#verdicts[index] as number;
      const mapped = this.#mapped[index] as number;
      const scoped = (kind === 'mapped' ? 0 : own) + mapped;
      counted += own;
      count(`kind ${kind}`, own);
      count(`scope ${scope ?? 'none'}`, scoped);
      if (reachable) globallyReachable += scoped;
    }
    this.#firstOctets.forEach((more, octet) => {
      count(`class ${addressClass(octet << 24)}`, more);
      counted -= more;
      ipv4 += more;
    });
    ipv6 += counted;
    count('class none (IPv6)', counted);
    const group = (prefix: string) =>
      Object.fromEntries(
        [...names]
          .filter(([name]) => name.startsWith(`${prefix} `))
          .map(([name, value]) => [name.slice(prefix.length + 1), value] as const)
          .sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1)),
      );
    return {
      addresses: ipv4 + ipv6,
      ipv4,
      ipv6,
      globallyReachable,
      kinds: group('kind'),
      scopes: group('scope'),
      classes: group('class'),
    };
  }
}

const BAR_WIDTH = 30;

/** The counts as text with a bar for each. */
export function printCounts(counts: Counts, paint: Paint): string[] {
  const { addresses, ipv4, ipv6, globallyReachable } = counts;
  const head = `${addresses} addresses, ${ipv4} IPv4 and ${ipv6} IPv6; ${globallyReachable} globally reachable`;
  if (addresses === 0) return [paint('strong', head)];
  const groups = [
    ['kind', counts.kinds],
    ['scope', counts.scopes],
    ['class', counts.classes],
  ] as const;
  return [
    paint('strong', head),
    ...groups.flatMap(([title, group]) => ['', paint('strong', title), ...bars(group, addresses, paint)]),
  ];
}

function bars(group: Readonly<Record<string, number>>, total: number, paint: Paint): string[] {
  const width = Math.max(...Object.values(group).map((count) => String(count).length));
  const rows = Object.entries(group).map(([name, count]) => [
    `  ${name}`,
    String(count).padStart(width),
    `${((count / total) * 100).toFixed(1).padStart(5)} %`,
    '█'.repeat(Math.max(1, Math.round((count / total) * BAR_WIDTH))),
  ]);
  return table(rows, (cell, column) => (column === 3 ? paint('good', cell) : cell));
}
