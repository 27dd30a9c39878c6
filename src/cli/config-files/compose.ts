import { endpointSource, Findings, type Place, type Reading } from './found.js';
import { expandVariables } from './variables.js';
import type { MapTree, ScalarTree, Tree } from './yaml-tree.js';
import { readYaml } from './yaml-tree.js';

/** Compose files: the published ports of services, in the short and in the long syntax. */
export function readCompose(text: string): Reading {
  const { roots, complaints } = readYaml(text);
  const findings = new Findings();
  findings.complaints.push(...complaints);
  for (const root of roots) readComposeRoot(root, findings);
  if (roots.length === 0 && complaints.length === 0) {
    findings.complain({ line: 1, column: 1 }, 'no services', 'write a compose file with `services:`');
  }
  return findings;
}

/** The ports of a document that was read. */
function readComposeRoot(root: Tree, findings: Findings): void {
  if (root.kind !== 'map') {
    findings.complain(root, 'no map', 'write a compose file with `services:`');
    return;
  }
  const include = root.entries.get('include');
  if (include !== undefined) followNothing(include, 'include', findings);
  const services = root.entries.get('services')?.value;
  if (services === undefined) {
    if (include === undefined) findings.complain(root, 'no services', 'write a compose file with `services:`');
    return;
  }
  if (isNull(services)) return;
  if (services.kind !== 'map') {
    findings.complain(services, 'services is no map', 'write each service under its name');
    return;
  }
  const before = findings.binds.length;
  for (const [name, { value }] of services.entries) if (value.kind === 'map') readService(name, value, findings);
  const first = findings.binds
    .slice(before)
    .find(({ source }) => source.kind === 'endpoint' && !/^(?:127\.|\[::1\]:)/.test(source.text));
  if (first !== undefined) {
    const message = 'published container ports bypass the firewall of the host: Docker writes rules of its own';
    findings.note(first, 'PUBLISHED_PORTS', message, 'give 127.0.0.1 as the host address where this machine is enough');
  }
}

function followNothing(place: Place, what: string, findings: Findings): void {
  const hint = 'check what comes out: docker compose config | inaddr bind check --format compose --file -';
  findings.note(place, 'NOT_FOLLOWED', `${what} is not followed`, hint);
}

function readService(name: string, service: MapTree, findings: Findings): void {
  const { entries } = service;
  const extended = entries.get('extends');
  if (extended !== undefined) followNothing(extended, 'extends', findings);
  const mode = entries.get('network_mode');
  if (mode?.value.kind === 'scalar' && mode.value.value === 'host') {
    const message = `${name} uses the network of the host: what it listens on is not in this file`;
    findings.note(mode, 'HOST_NETWORK', message, 'check the config of the program itself');
  }
  const ports = entries.get('ports')?.value;
  if (ports === undefined || isNull(ports)) return;
  if (ports.kind !== 'list') {
    findings.complain(ports, `ports of ${name} is no list`, 'write a list of ports');
    return;
  }
  for (const port of ports.items) {
    if (findings.isFull) return;
    if (port.kind === 'scalar') readShort(name, port, findings);
    else if (port.kind === 'map') readLong(name, port, findings);
    else findings.complain(port, `a port of ${name} is a list`, 'write "8080:80", or published and target');
  }
}

/** Unquoted, YAML 1.1 reads this as a number with the base 60: `22:22` is 1342. */
const BASE_60 = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/;

function readShort(name: string, port: ScalarTree, findings: Findings): void {
  const written = typeof port.value === 'string' ? port.value : port.source;
  if (port.plain && BASE_60.test(written)) {
    const message = `${written} without quotes is one number to readers of YAML 1.1, which count it with the base 60`;
    findings.warn(port, 'BASE_60', message, `write "${written}"`);
  }
  const text = expand(port, written, findings);
  if (text !== null) findings.bind(port, { name, text: written, source: endpointSource(text, 'compose') });
}

function readLong(name: string, port: MapTree, findings: Findings): void {
  const published = fieldText(port, 'published', findings);
  const target = fieldText(port, 'target', findings);
  const host = fieldText(port, 'host_ip', findings);
  const protocol = fieldText(port, 'protocol', findings);
  if (published === null || target === null || host === null || protocol === null) return;
  if (target === '') {
    findings.complain(port, `a port of ${name} has no target`, 'write target: 80');
    return;
  }
  // Put together as the short syntax has it: one parser for both.
  const address = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const ports = published === '' && address === '' ? target : `${published}:${target}`;
  const text = `${address === '' ? '' : `${address}:`}${ports}${protocol === '' ? '' : `/${protocol}`}`;
  findings.bind(port, { name, text, source: endpointSource(text, 'compose') });
}

/** The text of a field, '' when it is not there; null when it can't be read, which is complained of. */
function fieldText(port: MapTree, key: string, findings: Findings): string | null {
  const value = port.entries.get(key)?.value;
  if (value === undefined || isNull(value)) return '';
  if (value.kind === 'scalar') {
    return expand(value, typeof value.value === 'string' ? value.value : value.source, findings);
  }
  findings.complain(value, `${key} is a ${value.kind}`, 'write a text or a number');
  return null;
}

/** The text with the defaults of its variables; null when one has none, which is complained of. */
function expand(place: Place, text: string, findings: Findings): string | null {
  const expanded = expandVariables(text);
  if (expanded.missing !== null) {
    const hint = `give it a default, \${${expanded.missing}:-8080}, or check what comes out of docker compose config`;
    findings.complain(place, `$${expanded.missing} decides, and has no default here`, hint);
    return null;
  }
  if (expanded.defaulted.length > 0) {
    const message = `${expanded.defaulted.map((name) => `$${name}`).join(', ')} decides: checked with the default`;
    findings.note(place, 'DEFAULT_USED', message, 'check what comes out of docker compose config, too');
  }
  return expanded.text;
}

function isNull(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}
