/** Names as text, as the server compares and logs them. */

/** For a map: DNS compares ASCII letters without their case and nothing else (RFC 4343). */
export function foldName(name: string): string {
  const bare = name.length > 1 && name.endsWith('.') && !name.endsWith('\\.') ? name.slice(0, -1) : name;
  return bare.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The name one label up, `.` above a single label, `null` above the root. */
export function parentName(name: string): string | null {
  if (name === '.') return null;
  // A label may hold an escaped dot when it came from the wire.
  const label = /^(?:\\.|[^.\\])+/s.exec(name)?.[0] ?? '';
  return name.length > label.length ? name.slice(label.length + 1) : '.';
}

/** What is wrong with a name that a record should have, and what to write instead, or `null`. */
export function nameProblem(name: string, { escapedDots = false } = {}): string | null {
  if (name === '.') return null;
  const labels = (escapedDots ? name.replaceAll('\\.', '_') : name).replace(/\.$/, '').split('.');
  if (name === '' || labels.includes('')) return "write labels with a dot between, or '.' for the root";
  if (labels.some((label) => label.includes('\\')))
    return 'escapes are not read: write the name without, or the data of the record as raw rdata';
  if (!labels.every((label) => /^[!-~]+$/.test(label))) return 'write an internationalised name as xn-- labels';
  if (labels.some((label) => label.length > 63)) return 'a label has at most 63 octets';
  // Each label with its length octet, and the root.
  if (labels.reduce((octets, label) => octets + label.length + 1, 1) > 255) return 'a name has at most 255 octets';
  return null;
}
