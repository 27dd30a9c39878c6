import type { Classification, SpecialPurposeBlock } from '../ip/index.js';
import {
  describeAllocation,
  describeEmbedded,
  describeMulticast,
  formatBinary,
  formatExpanded,
  formatHex,
  formatReverseName,
  parseAddress,
} from '../ip/index.js';
import type { Paint } from './output.js';

/** Everything there is to say about one address, a line for each thing. */
export function describeLines(found: Classification, nat64: readonly string[], paint: Paint): string[] {
  const { address, family, addressClass, kind, scope, block, globallyReachable, embedded } = found;
  const value = parseAddress(address);
  const plain = value.family === 6 ? value.withZone(null) : value;
  const rows: [string, string][] = [
    ['family', family === 4 ? `IPv4, class ${addressClass}` : 'IPv6'],
    ['kind', paint(globallyReachable ? 'good' : 'warn', kind)],
    ['scope', scope ?? 'none'],
    ['reachable', reachWord(globallyReachable, paint)],
  ];
  if (embedded !== null) {
    rows.push([
      'embeds',
      `${embedded.address} (${embedded.mechanism}), ${embedded.kind}, ${reachWord(embedded.globallyReachable, paint)}`,
    ]);
    if (!embedded.canonical)
      rows.push(['', paint('bad', 'octet 8 is not zero: translators differ about this address')]);
  }
  for (const line of embeddedDetails(address, nat64)) rows.push(['', line]);
  for (const line of multicastDetails(address)) rows.push(['multicast', line]);
  if (block !== null) rows.push(...blockRows(block));
  const allocation = describeAllocation(plain);
  if (allocation !== null && block === null) {
    const { prefix, designation, date, status } = allocation;
    rows.push(['allocation', `${prefix} ${designation}, ${status.toLowerCase()}${date === null ? '' : ` ${date}`}`]);
  }
  if (family === 6) rows.push(['expanded', formatExpanded(plain)]);
  rows.push(['hex', formatHex(plain)], ['binary', formatBinary(plain)], ['integer', String(value.toBigInt())]);
  rows.push(['reverse', formatReverseName(plain)]);
  const width = Math.max(...rows.map(([name]) => name.length));
  return [paint('strong', address), ...rows.map(([name, text]) => `  ${paint('dim', name.padEnd(width))}  ${text}`)];
}

/** The one-line description of an address, as cells: address, kind, scope, reachability, and what else is worth a word. */
export function describeCells({ address, kind, scope, block, globallyReachable, embedded }: Classification): string[] {
  const embeds = embedded === null ? undefined : `${embedded.mechanism} ${embedded.address}, ${embedded.kind}`;
  const group = kind === 'multicast' ? describeMulticast(address)?.group?.name : undefined;
  const detail = embeds ?? block?.name ?? group ?? '';
  return [address, kind, scope ?? 'none', globallyReachable ? 'global' : 'not global', detail];
}

function reachWord(globallyReachable: boolean, paint: Paint): string {
  return globallyReachable ? paint('good', 'globally reachable') : paint('bad', 'not globally reachable');
}

function blockRows({ prefix, name, rfc, allocated, terminated, ...flags }: SpecialPurposeBlock): [string, string][] {
  const life = terminated === null ? `since ${allocated}` : `${allocated} to ${terminated}`;
  const word = (flag: boolean | null) => (flag === null ? 'n/a' : flag ? 'yes' : 'no');
  return [
    ['block', `${prefix} ${name}, ${rfc}, ${life}`],
    [
      '',
      `source ${word(flags.source)}, destination ${word(flags.destination)}, forwardable ${word(flags.forwardable)}, ` +
        `globally reachable ${word(flags.globallyReachable)}, reserved by protocol ${word(flags.reservedByProtocol)}`,
    ],
  ];
}

function embeddedDetails(address: string, nat64: readonly string[]): string[] {
  const found = describeEmbedded(address, { nat64 });
  if (found === null) return [];
  const details: string[] = [];
  if (found.mechanism === 'teredo') {
    details.push(`server ${found.server}, client ${found.client} port ${found.port}${found.cone ? ', cone NAT' : ''}`);
  }
  if (found.mechanism === '6to4') details.push(`subnet ${found.subnet}`);
  if (found.mechanism === 'nat64') details.push(`prefix ${found.prefix}`);
  if (found.mechanism === 'isatap') details.push(found.unique ? 'claims to be globally unique' : 'locally unique');
  if (found.mac !== null) details.push(`identifier made of the MAC address ${found.mac}`);
  return details;
}

function multicastDetails(address: string): string[] {
  const found = describeMulticast(address);
  if (found === null) return [];
  const details: string[] = [];
  if (found.group !== null)
    details.push(`${found.group.name}${found.group.rfc === null ? '' : `, ${found.group.rfc}`}`);
  if (found.family === 4) {
    if (found.block !== null) details.push(`${found.block.name}, ${found.block.rfc}`);
    if (found.glopAs !== null) details.push(`owned by AS${found.glopAs}`);
  } else {
    const flags = Object.entries(found.flags).flatMap(([name, set]) => (set ? [FLAG_NAMES[name] ?? name] : []));
    details.push(flags.length === 0 ? 'permanent, assigned by IANA' : flags.join(', '));
    if (found.rendezvousPoint !== null) details.push(`rendezvous point ${found.rendezvousPoint}`);
  }
  if (found.unicastPrefix !== null) details.push(`owned by the holder of ${found.unicastPrefix}`);
  if (found.sourceSpecific) details.push('source-specific');
  details.push(`Ethernet ${found.mac}`);
  return details;
}

const FLAG_NAMES: Readonly<Record<string, string>> = {
  transient: 'transient',
  prefixBased: 'made of a unicast prefix',
  embeddedRendezvousPoint: 'embeds its rendezvous point',
};
