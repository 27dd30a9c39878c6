/** Why readers disagree: the groups of a pattern, and the reason, which is the same for all of them. */
const EXPLAINED: readonly (readonly [groups: RegExp, because: string])[] = [
  [
    /^(?:ipaddr\.js|new URL|getaddrinfo) takes (?:BAD_CHARACTER|LEADING_ZERO|OCTET_RANGE|OCTET_COUNT)$/,
    'They read as inet_aton: hexadecimal and octal parts, fewer and larger ones; URLs also compatibility digits and stops. Others take these texts for other addresses; `lenientReadings` says which.',
  ],
  [/^new URL takes OCTET_EMPTY$/, 'In a URL a name may end in a dot, and so may an address.'],
  [
    /^new URL takes BRACKETS$/,
    'In a URL an IPv6 address has brackets, which are no part of it: ours is the reader of the address alone.',
  ],
  [/^new URL takes BLANK$/, 'IDNA leaves out characters without a width.'],
  [
    /^(?:net\.isIP|ip-address|ipaddr\.js|ipaddress|getaddrinfo) takes ZONE_NOT_ALLOWED$/,
    'A zone behind an address of global scope, which has one zone only (RFC 4007 section 6): there is nothing that it can mean.',
  ],
  [
    /^(?:net\.isIP|ip-address|ipaddress) takes (?:BLANK|ZONE_CHARACTER|ZONE_EMPTY)$/,
    'They take any text for a zone, `net.isIP` much of it: `fe80::1%:80`.',
  ],
  [
    /^(?:net\.isIP|ip-address|ipaddr\.js|ipaddress|getaddrinfo) takes ZONE_PERCENT_ENCODED$/,
    'The zone of a URI (RFC 6874), `%25eth0`: read as text it is the interface `25eth0`, which nobody meant.',
  ],
  [/^ip-address takes PREFIX_LENGTH$/, 'It reads prefixes as well.'],
  [/^new URL refuses zone$/, 'The URL standard has no zones.'],
  [/^getaddrinfo takes ZONE_CHARACTER$/, 'An interface may have aliases, which have a colon: `eth0:1`.'],
  [
    /^lenientReadings\.url refuses new URL$/,
    'Fillers and controls that only readers of a newer Unicode leave out: said on every version of Node, as some reader takes them.',
  ],
  [/^getaddrinfo refuses zone$/, 'No interface of this machine has that name.'],
  [/^ipaddr\.js refuses zone$/, 'It takes letters and digits only.'],
  [
    /^ipaddr\.js reads otherwise IPv4 at the end$/,
    'It reads the deprecated IPv4-compatible `::192.0.2.1` as the IPv4-mapped `::ffff:192.0.2.1`: another address, and one that reaches IPv4.',
  ],
];

/** Why readers disagree in a group; null when nobody has said so. */
export function explanationOf(group: string): string | null {
  return EXPLAINED.find(([groups]) => groups.test(group))?.[1] ?? null;
}
