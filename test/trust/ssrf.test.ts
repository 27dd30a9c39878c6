import { beforeAll, describe, expect, it } from 'vitest';
import { NO_NAMESPACES, runInNamespace } from '../support/namespace.js';

interface Case {
  readonly host?: string;
  readonly url?: string;
  readonly how: string;
}

interface Tally {
  readonly tried: number;
  readonly internal: number;
  readonly public: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

interface Outcome {
  readonly tally: Readonly<Record<string, Tally>>;
  readonly reached: readonly { readonly case: number; readonly way: string; readonly where: 'internal' | 'public' }[];
}

interface Report {
  readonly internal: readonly Case[];
  readonly legitimate: readonly Case[];
  readonly control: Outcome;
  readonly guarded: Readonly<Record<'cached' | 'uncached', Outcome>>;
  readonly allowed: Outcome;
}

const WAYS = [
  'createAgent, URL',
  'createAgent, URL of https',
  'createAgent, after a redirect',
  'createAgent, host',
  'createConnector, fetch',
  'createConnector, fetch after a redirect',
  'connect, host',
  'connect, text',
  'resolve, then connect to each',
  'lookup',
];

/** The cases that got through to a listener, each once. */
const casesThat = ({ reached }: Outcome, where: 'internal' | 'public', way?: string) =>
  new Set(reached.filter((each) => each.where === where && (way ?? each.way) === each.way).map((each) => each.case));

if (NO_NAMESPACES !== null) console.log(`skipped, requests to internal addresses: ${NO_NAMESPACES}`);

describe.skipIf(NO_NAMESPACES !== null)('server-side request forgery', () => {
  let report: Report;

  beforeAll(async () => {
    const { code, stdout, stderr } = await runInNamespace('ssrf-in-namespace.mjs', 'true');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    report = JSON.parse(stdout) as Report;
  }, 240_000);

  it('would get to an internal address in more than 300 ways of writing it, without a guard', () => {
    const texts = report.internal.map(({ host, url }) => host ?? url);
    expect(new Set(texts).size).toBe(texts.length);
    expect(casesThat(report.control, 'internal').size).toBeGreaterThanOrEqual(390);
    const unwritten = [
      'rebinding, TTL 0',
      'rebinding, TTL 60',
      'a CNAME chain to an internal address',
      'circled digits',
    ];
    for (const how of unwritten) expect(report.internal.filter((each) => each.how === how).length).toBeGreaterThan(1);
  });

  it.each(['cached', 'uncached'] as const)('gets to none with one, names %s', (kind) => {
    const { tally, reached } = report.guarded[kind];
    expect(Object.keys(tally)).toEqual(WAYS);
    for (const way of WAYS) expect(tally[way]?.tried, way).toBeGreaterThan(200);
    const through = reached
      .filter(({ where }) => where === 'internal')
      .map(({ way, ...each }) => ({ way, case: report.internal[each.case] }));
    expect(through).toEqual([]);
    console.log(
      `${kind}: ${Object.values(tally).reduce((sum, { tried }) => sum + tried, 0)} attempts, none got through`,
    );
  });

  it('has seen each name that rebinds lead to a public address, at least once, so that it was asked for', () => {
    for (const { reached } of Object.values(report.guarded)) {
      const seen = new Set(reached.filter(({ where }) => where === 'public').map((each) => each.case));
      const rebinding = report.internal.flatMap(({ how }, index) => (how.startsWith('rebinding') ? [index] : []));
      expect(rebinding.length).toBeGreaterThan(8);
      expect(rebinding.filter((index) => !seen.has(index))).toEqual([]);
    }
  });

  it('lets every one of 200 legitimate targets through, in every way', () => {
    const { allowed, legitimate } = report;
    expect(legitimate.length).toBeGreaterThanOrEqual(200);
    expect(Object.keys(allowed.tally)).toEqual(WAYS);
    expect(casesThat(allowed, 'internal').size).toBe(0);
    for (const way of WAYS) {
      const tally = allowed.tally[way];
      expect(casesThat(allowed, 'public', way).size, way).toBe(tally?.tried);
      // A redirect comes from a public address, too.
      if (/redirect/.test(way)) expect(tally?.public, way).toBe(2 * (tally?.tried ?? 0));
    }
  });
});
