import { nearest } from '../checks/nearest.js';
import { quote } from '../checks/quote.js';
import type { BindIssue } from './bind-issue.js';
import { bindIssue } from './bind-issue.js';
import type { Fault } from './host.js';

/** Issues, and how a key is called in what was given. */
export interface Report {
  readonly issues: BindIssue[];
  readonly at: (key: string) => readonly string[];
}

export function complain({ issues, at }: Report, key: string, { code, problem, hint }: Fault): void {
  issues.push(bindIssue(at(key), code, problem, hint));
}

/** What an object has, by key. */
export type Entries = Map<string, unknown>;

/** In place of a value whose getter threw, which is reported once. */
export const UNREADABLE = /* @__PURE__ */ Symbol('unreadable');

/** The own properties of a plain object, each read once: getters and proxies may answer something else the next time. */
export function readEntries(input: unknown, report: Report): Entries | null {
  const plain = {
    code: 'NOT_BIND',
    hint: "pass a plain object, e.g. {host: '127.0.0.1', port: 8080}, or endpoint text",
  } as const;
  if (typeof input !== 'object' || input === null) {
    report.issues.push(bindIssue([], plain.code, `${quote(input)} is no bind`, plain.hint));
    return null;
  }
  const entries: Entries = new Map();
  try {
    if (Array.isArray(input)) {
      report.issues.push(bindIssue([], plain.code, 'a list is no bind', 'pass its items one by one'));
      return null;
    }
    if (!isPlain(input)) {
      report.issues.push(bindIssue([], plain.code, 'an instance of a class is no bind', plain.hint));
      return null;
    }
    for (const key of Reflect.ownKeys(input)) {
      const name = String(key);
      try {
        entries.set(name, Reflect.get(input, key));
      } catch {
        entries.set(name, UNREADABLE);
        report.issues.push(bindIssue([name], 'UNREADABLE', `${quote(name)} can't be read`, 'pass its value'));
      }
    }
  } catch {
    report.issues.push(bindIssue([], 'UNREADABLE', "the object can't be read", plain.hint));
    return null;
  }
  return entries;
}

/** Whether there is no class behind an object; that of another realm has a prototype of its own. */
function isPlain(input: object): boolean {
  const prototype: unknown = Reflect.getPrototypeOf(input);
  return prototype === null || (typeof prototype === 'object' && Reflect.getPrototypeOf(prototype) === null);
}

export function isGiven(entries: Entries, key: string): boolean {
  return entries.get(key) !== undefined;
}

export function refuseUnknown(entries: Entries, known: readonly string[], report: Report): void {
  for (const key of entries.keys()) {
    if (known.includes(key)) continue;
    const alias = Object.hasOwn(ALIASES, key) ? ALIASES[key] : undefined;
    const near = alias !== undefined && known.includes(alias) ? alias : nearest(key, known);
    const hint = near === null ? `there is ${known.join(', ')}` : `write ${near}`;
    report.issues.push(bindIssue([key], 'UNKNOWN_KEY', `there is no ${quote(key)}`, hint));
  }
}

/** What others call our keys, and no misspelling of them. */
const ALIASES: Readonly<Record<string, string>> = {
  address: 'host',
  addr: 'host',
  hostname: 'host',
  hostName: 'host',
  bind: 'host',
  ip: 'host',
  interface: 'host',
  socket: 'path',
  socketPath: 'path',
  unix: 'path',
  ports: 'port',
  protocol: 'type',
  transport: 'type',
  reach: 'expose',
  ephemeral: 'allowEphemeral',
};
