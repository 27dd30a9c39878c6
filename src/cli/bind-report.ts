import type { Occupancy } from '../socket/index.js';
import type { BindCheck, CheckedBind, Finding, FindingKind } from './bind-check.js';
import { FINDING_KINDS } from './bind-check.js';
import type { Where } from './bind-drafts.js';
import { escapeControls } from './exit.js';
import type { Paint, Style } from './output.js';
import { table } from './output.js';
import { REACH_WORDS, reachStyle } from './reach.js';

/** What a report is about. */
export interface Inputs {
  /** Arguments and files. */
  readonly count: number;
  /** Files that could not be read: nothing of them was checked. */
  readonly unread: number;
}

/** Said under every report. */
const SCOPE = 'sockets only: firewalls and published container ports are not looked at';

/** A report for people: a table of the binds, a line for each finding, and how many there are. */
export function reportLines(check: BindCheck, inputs: Inputs, paint: Paint, width: number | null): string[] {
  const { binds, findings } = check;
  const lines = bindLines(binds, paint, width);
  if (lines.length > 0 && findings.length > 0) lines.push('');
  for (const finding of findings) lines.push(findingLine(finding, binds, paint));
  if (lines.length > 0) lines.push('');
  return [...lines, summaryLine(check, inputs, paint), paint('dim', SCOPE)];
}

const HEAD = ['name', 'where', 'endpoint', 'occupies', 'IPv4', 'IPv6', 'predicted'];
const [NAME, WHERE, ENDPOINT, IPV4, IPV6, PREDICTED] = [0, 1, 2, 4, 5, 6];

function bindLines(binds: readonly CheckedBind[], paint: Paint, width: number | null): string[] {
  if (binds.length === 0) return [];
  const painted = (cell: string, column: number, row: number) => {
    const plan = binds[row - 1]?.plan;
    if (plan === undefined) return paint('dim', cell);
    if (column === PREDICTED) return paint(predictionStyle(plan.predicted.code), cell);
    if (column !== IPV4 && column !== IPV6) return cell;
    if ('unix' in plan.exposure) return paint('dim', cell);
    return paint(reachStyle(column === IPV4 ? plan.exposure.ipv4 : plan.exposure.ipv6), cell);
  };
  return table([HEAD, ...binds.map(cellsOf)], painted, { width, cut: [ENDPOINT, NAME, WHERE] });
}

function cellsOf({ where, name, text, plan: { occupies, exposure, predicted } }: CheckedBind): string[] {
  const reach = 'unix' in exposure ? ['-', '-'] : [REACH_WORDS[exposure.ipv4], REACH_WORDS[exposure.ipv6]];
  const cells = [name ?? '-', whereText(where), text, occupiesText(occupies), ...reach, predicted.code];
  return cells.map(escapeControls);
}

/** `tcp 127.0.0.1:80 [::1]:80`; for all addresses the ones that stand for them. */
function occupiesText(occupies: Occupancy): string {
  if (occupies.kind === 'unix') return `unix ${pathText(occupies.path)}`;
  const { protocol, port } = occupies;
  if (occupies.kind === 'unknown') return `${protocol} ?:${port}`;
  const { ipv4, ipv6 } = occupies;
  const parts = [
    ...(ipv4 === null ? [] : [`${ipv4 === '*' ? '0.0.0.0' : ipv4}:${portText(port)}`]),
    ...(ipv6 === null ? [] : [`[${ipv6 === '*' ? '::' : ipv6}]:${portText(port)}`]),
  ];
  return `${protocol} ${parts.join(' ')}`;
}

/** The kernel takes any free one for 0. */
function portText(port: number): string {
  return port === 0 ? '*' : String(port);
}

function pathText(path: string): string {
  return path.startsWith('\0') ? `@${path.slice(1)}` : path;
}

function predictionStyle(code: string): Style {
  if (code === 'ok') return 'good';
  return code === 'unknown' ? 'warn' : 'bad';
}

const LABELS: Readonly<Record<FindingKind, readonly [label: string, style: Style]>> = {
  conflict: ['conflict', 'bad'],
  maybe: ['maybe a conflict', 'warn'],
  shadow: ['shadow', 'warn'],
  error: ['error', 'bad'],
  warning: ['warning', 'warn'],
  note: ['note', 'dim'],
};

/** `compose.yaml:9:9: conflict: api and web (nginx.conf:3:12): …; …` */
function findingLine(finding: Finding, binds: readonly CheckedBind[], paint: Paint): string {
  const { kind, where, message, hint } = finding;
  const [label, style] = LABELS[kind];
  const bind = finding.bind === null ? undefined : binds[finding.bind];
  const other = finding.other === null ? undefined : binds[finding.other];
  const about = bind === undefined ? '' : subjectText(bind, other);
  return `${escapeControls(whereText(where))}: ${paint(style, label)}: ${escapeControls(`${about}${message}; ${hint}`)}`;
}

function subjectText(bind: CheckedBind, other: CheckedBind | undefined): string {
  const name = bind.name ?? bind.text;
  if (other === undefined) return `${name}: `;
  return `${name} and ${other.name ?? other.text} (${whereText(other.where)}): `;
}

/** `nginx.conf:3:12`, as compilers and editors write it, or `argument 1`. */
export function whereText({ input, line, column }: Where): string {
  return line === null ? input : `${input}:${line}:${column}`;
}

const PLURALS: Readonly<Record<FindingKind, readonly [one: string, many: string]>> = {
  conflict: ['conflict', 'conflicts'],
  maybe: ['maybe a conflict', 'maybe conflicts'],
  shadow: ['shadow', 'shadows'],
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  note: ['note', 'notes'],
};

function summaryLine({ binds, findings, troubles }: BindCheck, { count, unread }: Inputs, paint: Paint): string {
  const counts = FINDING_KINDS.flatMap((kind) => {
    const count = findings.filter((finding) => finding.kind === kind).length;
    return count === 0 ? [] : [counted(count, ...PLURALS[kind])];
  });
  const notChecked = troubles.length + unread;
  if (notChecked > 0) counts.push(`${notChecked} not checked`);
  const clean = !findings.some(isFinding) && notChecked === 0;
  const head = `${counted(binds.length, 'bind', 'binds')} in ${counted(count, 'input', 'inputs')}`;
  return paint(clean ? 'good' : 'bad', `${head}: ${counts.length === 0 ? 'nothing found' : counts.join(', ')}`);
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Whether there is something to mend. */
export function isFinding({ kind }: Finding): boolean {
  return kind !== 'note';
}

/** A report for programs: an object for each bind, each finding, and a last one that sums up. */
export function reportObjects({ binds, findings, troubles }: BindCheck, { count, unread }: Inputs): object[] {
  return [
    ...binds.map(({ where, format, name, text, plan }, index) => {
      const { bind, occupies, exposure, interfaces, predicted } = plan;
      const about = { type: 'bind', index, ...where, format: format.name, name, text };
      return { ...about, bind, occupies, exposure, interfaces, predicted };
    }),
    ...findings.map(({ kind, code, where, bind, other, message, hint }) => {
      return { type: 'finding', kind, code, ...where, bind, other, message, hint };
    }),
    {
      type: 'summary',
      inputs: count,
      binds: binds.length,
      findings: findings.filter(isFinding).length,
      notes: findings.filter((finding) => !isFinding(finding)).length,
      notChecked: troubles.length + unread,
      scope: SCOPE,
    },
  ];
}
