import { SOCKETS_ONLY } from '../socket/exposure.js';
import type { BindEnvironment, BindWarning, PairFinding, PlannedBind, Prediction } from '../socket/index.js';
import { AF_UNIX, planBinds } from '../socket/index.js';
import type { Drafts, PlacedRemark, Trouble, Where } from './bind-drafts.js';
import { hasFields } from './bind-drafts.js';
import type { Made } from './bind-made.js';
import { makeBinds, namesText } from './bind-made.js';
import type { Format } from './config-files/formats.js';
import type { FoundBind } from './config-files/found.js';

/** A bind, and what it comes to. */
export interface CheckedBind {
  readonly where: Where;
  readonly format: Format;
  /** What its file calls it. */
  readonly name: string | null;
  /** As it is written. */
  readonly text: string;
  readonly plan: PlannedBind;
}

/** Something that is worth knowing about one bind, about two, or about a file. */
export interface Finding {
  readonly kind: FindingKind;
  /** Stable: a program may compare it. */
  readonly code: string;
  readonly where: Where;
  /** The bind that it is about, by its index; null when it is about a file. */
  readonly bind: number | null;
  /** The other bind of a pair. */
  readonly other: number | null;
  readonly message: string;
  readonly hint: string;
}

/** In the order of reports. A 'note' is nothing that has to be mended. */
export const FINDING_KINDS = ['conflict', 'maybe', 'shadow', 'error', 'warning', 'note'] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

export interface BindCheck {
  readonly binds: readonly CheckedBind[];
  readonly findings: readonly Finding[];
  readonly troubles: readonly Trouble[];
}

/** What the binds come to in an environment. */
export function checkDrafts({ drafts, ...said }: Drafts, environment: BindEnvironment): BindCheck {
  const troubles = [...said.troubles];
  const made = makeBinds(drafts, environment, troubles);
  const plans = planEach(made, environment);
  const binds = made.map(({ where, format, found, names }, index) => ({
    where,
    format,
    name: namesText(names),
    text: found.text,
    plan: plans[index] as PlannedBind,
  }));
  const findings = [
    ...said.remarks.map(remarkFinding),
    ...ownFindings(binds),
    ...pairFindings(binds, made, environment),
  ];
  // A list or a range of one line has as many equal ones as it has binds.
  const told = new Set<string>();
  const distinct = findings.filter(({ where, other, code, message }) => {
    const key = JSON.stringify([where, other === null ? null : binds[other]?.where, code, message]);
    return told.size < told.add(key).size;
  });
  return {
    binds,
    findings: inReportOrder(distinct),
    troubles: inOrder(troubles, said.inputs),
  };
}

/** The worst kinds first. Sorting is stable: within a kind the order of the inputs stays. */
export function inReportOrder(findings: readonly Finding[]): Finding[] {
  const order = ({ kind }: Finding) => FINDING_KINDS.indexOf(kind);
  return findings.toSorted((a, b) => order(a) - order(b));
}

/** In the order of the inputs, and of what is in them; once, though an alias repeats it. */
function inOrder(troubles: readonly Trouble[], inputs: readonly string[]): Trouble[] {
  const ranks = new Map(inputs.map((input, index) => [input, index]));
  const key = ({ where: { input, line, column } }: Trouble) => [ranks.get(input) ?? 0, line ?? 0, column ?? 0] as const;
  const distinct = new Map(troubles.map((trouble) => [JSON.stringify(trouble), trouble]));
  return [...distinct.values()].sort((one, other) => {
    const [a, b] = [key(one), key(other)];
    return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
  });
}

function remarkFinding({ severity: kind, code, where, message, hint }: PlacedRemark): Finding {
  return { kind, code, where, bind: null, other: null, message, hint };
}

/** What is not Node's honours what some versions of it ignore: the planner is told a version that honours everything. */
const HONOURS_ALL = '24.0.0';

/** Each bind alone, as its program makes it. */
function planEach(made: readonly Made[], environment: BindEnvironment): PlannedBind[] {
  const groups = new Map<string, { readonly environment: BindEnvironment; readonly indexes: number[] }>();
  for (const [index, { format, found }] of made.entries()) {
    const key = `${format.name} ${found.freeBind}`;
    const group = groups.get(key) ?? { environment: environmentOf(format, found, environment), indexes: [] };
    groups.set(key, group);
    group.indexes.push(index);
  }
  const plans: PlannedBind[] = [];
  for (const group of groups.values()) {
    const { binds } = planBinds(
      group.indexes.map((index) => (made[index] as Made).bind),
      group.environment,
    );
    for (const [at, index] of group.indexes.entries()) plans[index] = binds[at] as PlannedBind;
  }
  return plans;
}

function environmentOf(
  { node, asRoot, name }: Format,
  { freeBind }: FoundBind,
  machine: BindEnvironment,
): BindEnvironment {
  if (node) return machine;
  // They remove a socket that was left behind.
  const inNobodysWay = [
    'socket',
    ...(asRoot ? ['no-permission'] : []),
    ...(name === 'systemd' ? ['no-directory'] : []),
  ];
  const paths = [...(machine.paths ?? [])].map(
    ([path, state]) => [path, inNobodysWay.includes(state) ? 'free' : state] as const,
  );
  return {
    ...machine,
    nodeVersion: HONOURS_ALL,
    canBindPrivileged: asRoot || machine.canBindPrivileged,
    nonlocalBind: freeBind || machine.nonlocalBind,
    paths: new Map(paths),
  };
}

/** What is said of one bind. */
function ownFindings(binds: readonly CheckedBind[]): Finding[] {
  const findings: Finding[] = [];
  for (const [index, checked] of binds.entries()) {
    const { where, format, plan } = checked;
    const add = (kind: FindingKind, code: string, message: string, hint: string) => {
      findings.push({ kind, code, where, bind: index, other: null, message, hint: inWords(hint, checked) });
    };
    const { predicted, warnings, bind } = plan;
    const told = warnings.filter((warning) => isWorthTelling(warning, format));
    const isSaid = told.some(({ code }) => code.startsWith('PATH_'));
    if (predicted.code !== 'ok' && !isSaid) {
      const [kind, message] = predictionText(predicted, bind.optional);
      add(kind, predicted.code.toUpperCase(), message, HINTS[predicted.code] ?? 'write another address');
    }
    for (const { severity, code, message, hint } of told) add(severity, code, withoutScope(message), hint);
  }
  return findings;
}

/** What speaks of a program's own privilege, or of a port that its engine chooses, is about Node. */
function isWorthTelling({ code }: BindWarning, { node, asRoot }: Format): boolean {
  if (code === 'PRIVILEGED_PORT') return !asRoot;
  return node || code !== 'EPHEMERAL_PORT';
}

function predictionText({ code, reason }: Prediction, optional: boolean): readonly [FindingKind, string] {
  if (code === 'unknown') return ['note', `whether the bind works is not known: ${reason}`];
  const isAbsent = optional && (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND');
  return isAbsent ? ['note', `passed over, as it is optional: ${reason}`] : ['error', `fails with ${code}: ${reason}`];
}

const HINTS: Readonly<Partial<Record<Prediction['code'], string>>> = {
  unknown: 'check it on its machine, or say more in --environment',
  EACCES: 'write a port or path that the user may have, or start it with the privilege',
  EADDRINUSE: 'write another path',
  EADDRNOTAVAIL: 'write an address of an interface',
  EINVAL: 'write an address that a socket of this kind can have',
  ENOTFOUND: 'write an address, or a name that there is',
};

/** The last line of a report says it once. */
function withoutScope(message: string): string {
  return message.replace(`; ${SOCKETS_ONLY}`, '');
}

function inWords(hint: string, bind: CheckedBind): string {
  return hasFields(bind) ? hint : hint.replace(/expose: '(\w+)'/, 'say --expose $1').replace(' without ipv6Only', '');
}

/** How `ipv6Only: true` is written in the files of others; in those that are not here it can't be. */
const IPV6_ONLY: Readonly<Partial<Record<Format['name'], string>>> = {
  nginx: 'ipv6only=on',
  systemd: 'BindIPv6Only=ipv6-only',
};

/** What mends a pair, as the file of the bind that is to be changed has it. */
function fixInWords(fix: string, pair: readonly CheckedBind[]): string {
  if (!fix.startsWith('write ipv6Only: true')) return fix;
  const wide = pair.find(({ plan: { bind } }) => bind.family !== AF_UNIX && bind.host === '::' && !bind.ipv6Only);
  if (wide !== undefined && hasFields(wide)) return fix;
  const words = wide === undefined || wide.where.line === null ? undefined : IPV6_ONLY[wide.format.name];
  return words === undefined ? 'write another port or address for one of them' : fix.replace('ipv6Only: true', words);
}

function pairFindings(binds: readonly CheckedBind[], made: readonly Made[], environment: BindEnvironment): Finding[] {
  const isNode = made.every(({ format }) => format.node);
  const { conflicts, shadows } = planBinds(
    made.map(({ bind }) => bind),
    isNode ? environment : { ...environment, nodeVersion: HONOURS_ALL },
  );
  const findingOf = ({ first, second, verdict, reason, fix }: PairFinding): Finding => {
    const bind = binds[second] as CheckedBind;
    const kind = verdict === 'unknown' ? 'maybe' : verdict;
    const hint = fixInWords(fix, [bind, binds[first] as CheckedBind]);
    return { kind, code: verdict.toUpperCase(), where: bind.where, bind: second, other: first, message: reason, hint };
  };
  // Its servers are told apart by more than addresses.
  const isNginx = (index: number) => binds[index]?.format.shares === true;
  return [...conflicts, ...shadows.filter(({ first, second }) => !isNginx(first) || !isNginx(second))].map(findingOf);
}
