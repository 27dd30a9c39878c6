// Compares the tables of src/ip with IANA's registries as CSV files, downloaded anew, and prints the rows to change. Run as
// `npm run registry:check FILE...`; which registry a file is, its columns tell. Exits with 1 when a row differs, and with 2
// for a file that can't be read or is none of the registries.
//
// https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry-1.csv
// https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry-1.csv
// https://www.iana.org/assignments/ipv4-address-space/ipv4-address-space.csv
// https://www.iana.org/assignments/ipv6-address-space/ipv6-address-space-1.csv
// https://www.iana.org/assignments/ipv6-unicast-address-assignments/ipv6-unicast-address-assignments.csv

import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';

/** Registries: the columns that tell them, the table, the rows of a record, and the fields that it is compared by. */
const REGISTRIES = [
  {
    name: 'IPv4 special-purpose',
    has: ['Address Block', 'Globally Reachable'],
    when: ({ 'Address Block': block }) => !block.includes(':'),
    table: (ip) => ip.IPV4_SPECIAL_PURPOSE,
    rows: specialPurpose,
  },
  {
    name: 'IPv6 special-purpose',
    has: ['Address Block', 'Globally Reachable'],
    when: ({ 'Address Block': block }) => block.includes(':'),
    table: (ip) => ip.IPV6_SPECIAL_PURPOSE,
    rows: specialPurpose,
  },
  {
    name: 'IPv4 address space',
    has: ['Prefix', 'Designation', 'Status'],
    when: ({ Prefix: prefix }) => !prefix.includes(':'),
    table: (ip) => ip.IPV4_ADDRESS_SPACE,
    rows: allocation,
  },
  {
    name: 'IPv6 unicast assignments',
    has: ['Prefix', 'Designation', 'Status'],
    when: ({ Prefix: prefix }) => prefix.includes(':'),
    table: (ip) => ip.IPV6_UNICAST_ASSIGNMENTS,
    rows: allocation,
  },
  {
    name: 'IPv6 address space',
    has: ['Prefix', 'Allocation', 'Reference'],
    when: () => true,
    table: (ip) => ip.IPV6_ADDRESS_SPACE,
    rows: ({ Prefix: prefix, Allocation, Reference }) => [
      { prefix, allocation: Allocation, reference: references(Reference) },
    ],
  },
];

/**
 * The rows that differ between a CSV file and the tables of the package.
 *
 * @returns {{registry: string, rows: number, changes: string[]}}
 * @throws {Error} in words for people, when the text is no CSV or none of the registries
 */
export function compareRegistry(text, ip) {
  const records = readRecords(text);
  const [first] = records;
  const registry = REGISTRIES.find(({ has, when }) => first && has.every((name) => name in first) && when(first));
  if (registry === undefined) {
    const known = REGISTRIES.map(({ name }) => name).join(', ');
    throw new Error(`is none of the registries that there are tables of (${known}); give it the CSV file of one`);
  }
  const published = new Map(records.flatMap(registry.rows).map((row) => [row.prefix, row]));
  const ours = new Map(registry.table(ip).map((row) => [row.prefix, row]));
  const changes = [];
  for (const [prefix, row] of published) {
    const own = ours.get(prefix);
    if (own === undefined) changes.push(`add ${JSON.stringify(row)}`);
    // What the table leaves out, such as the days of assignments, is not compared.
    else
      changes.push(
        ...differences(own, row)
          .filter(({ field, have }) => field !== 'date' || have !== null)
          .map(say),
      );
  }
  for (const prefix of ours.keys()) if (!published.has(prefix)) changes.push(`${prefix}: remove`);
  return { registry: registry.name, rows: published.size, changes };
}

function differences(own, row) {
  return Object.entries(row)
    .filter(([field, value]) => own[field] !== value)
    .map(([field, want]) => ({ prefix: row.prefix, field, want, have: own[field] }));
}

function say({ prefix, field, want, have }) {
  return `${prefix}: ${field} is ${JSON.stringify(want)}, not ${JSON.stringify(have)}`;
}

function readRecords(text) {
  const clean = (cell) =>
    cell
      .replace(/\s+/g, ' ')
      .replace(/ ?\[\d+\]/g, '')
      .trim();
  const columns = (header) => header.map((name) => clean(name).replace(/^IPv6 Prefix$/, 'Prefix'));
  const records = (() => {
    try {
      return parse(text, { columns, bom: true, skip_empty_lines: true, relax_column_count: true });
    } catch (error) {
      throw new Error(`is no CSV: ${error.message}`, { cause: error });
    }
  })();
  return records.map((record) => Object.fromEntries(Object.entries(record).map(([name, cell]) => [name, clean(cell)])));
}

function specialPurpose(record) {
  const flag = (cell) => (cell === 'True' ? true : cell === 'False' ? false : null);
  const terminated = record['Termination Date'];
  return record['Address Block'].split(', ').map((prefix) => ({
    prefix,
    name: record.Name,
    rfc: record.RFC,
    allocated: record['Allocation Date'],
    terminated: terminated === 'N/A' || terminated === '' ? null : terminated,
    source: flag(record.Source),
    destination: flag(record.Destination),
    forwardable: flag(record.Forwardable),
    globallyReachable: flag(record['Globally Reachable']),
    reservedByProtocol: flag(record['Reserved-by-Protocol']),
  }));
}

function allocation({ Prefix, Designation, Date: date, Status }) {
  // IANA writes 000/8 for 0.0.0.0/8.
  const prefix = Prefix.replace(/^0{0,2}(\d+)\/8$/, '$1.0.0.0/8');
  return [{ prefix, designation: Designation, date: date || null, status: Status }];
}

/** `[RFC3513][RFC4291]` as `RFC 3513 RFC 4291`, which is how the table has them. */
function references(text) {
  return text
    .replace(/\[RFC(\d+)\]/g, ' RFC $1')
    .replace(/\s+/g, ' ')
    .trim();
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const files = process.argv.slice(2);
  if (files.length === 0) {
    console.error('registry:check: name the CSV files of IANA to compare with, e.g. iana-ipv4-special-registry-1.csv');
    process.exitCode = 2;
  }
  const ip = await import('../dist/ip/index.js');
  for (const file of files) {
    try {
      const { registry, rows, changes } = compareRegistry(readFileSync(file, 'utf8'), ip);
      console.log(
        `${file}: ${registry}, ${rows} rows, ${changes.length === 0 ? 'all the same' : `${changes.length} changes`}`,
      );
      for (const change of changes) console.log(`  ${change}`);
      if (changes.length > 0) process.exitCode = Math.max(process.exitCode ?? 0, 1);
    } catch (error) {
      console.error(`registry:check: ${file}: ${error.message}`);
      process.exitCode = 2;
    }
  }
}
