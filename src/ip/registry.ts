/** A row of an IANA special-purpose address registry, its columns as published (RFC 6890 section 2.2, RFC 8190). */
export interface SpecialPurposeBlock {
  /** The address block as IANA writes it, without footnotes. */
  readonly prefix: string;
  readonly name: string;
  /** The references as IANA writes them, '[RFC1122], Section 3.2.1.3'. */
  readonly rfc: string;
  /** Year and month of the allocation, '1981-09'. */
  readonly allocated: string;
  /** Year and month of the termination; null for a block in use. */
  readonly terminated: string | null;
  /** The flags: null where IANA says N/A, and for a terminated block. */
  readonly source: boolean | null;
  readonly destination: boolean | null;
  readonly forwardable: boolean | null;
  readonly globallyReachable: boolean | null;
  readonly reservedByProtocol: boolean | null;
}

/** When the special-purpose registries were last compared with IANA's, year and month. */
export const REGISTRY_DATE = '2026-08';

/** Prefix, name, references, allocation, then source, destination, forwardable, globally reachable, reserved by protocol. */
type Row = readonly [prefix: string, name: string, rfc: string, allocated: string, flags: string, terminated?: string];

/**
 * The IANA IPv4 Special-Purpose Address Registry, in its order. 192.0.0.170/32 and 192.0.0.171/32 share a row there and
 * have one each here.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 */
export const IPV4_SPECIAL_PURPOSE: readonly SpecialPurposeBlock[] = /* @__PURE__ */ blocks([
  ['0.0.0.0/8', '"This network"', '[RFC791], Section 3.2', '1981-09', 'TFFFT'],
  ['0.0.0.0/32', '"This host on this network"', '[RFC1122], Section 3.2.1.3', '1981-09', 'TFFFT'],
  ['10.0.0.0/8', 'Private-Use', '[RFC1918]', '1996-02', 'TTTFF'],
  ['100.64.0.0/10', 'Shared Address Space', '[RFC6598]', '2012-04', 'TTTFF'],
  ['127.0.0.0/8', 'Loopback', '[RFC1122], Section 3.2.1.3', '1981-09', 'FFFFT'],
  ['169.254.0.0/16', 'Link Local', '[RFC3927]', '2005-05', 'TTFFT'],
  ['172.16.0.0/12', 'Private-Use', '[RFC1918]', '1996-02', 'TTTFF'],
  ['192.0.0.0/24', 'IETF Protocol Assignments', '[RFC6890], Section 2.1', '2010-01', 'FFFFF'],
  ['192.0.0.0/29', 'IPv4 Service Continuity Prefix', '[RFC7335]', '2011-06', 'TTTFF'],
  ['192.0.0.8/32', 'IPv4 dummy address', '[RFC7600]', '2015-03', 'TFFFF'],
  ['192.0.0.9/32', 'Port Control Protocol Anycast', '[RFC7723]', '2015-10', 'TTTTF'],
  ['192.0.0.10/32', 'Traversal Using Relays around NAT Anycast', '[RFC8155]', '2017-02', 'TTTTF'],
  ['192.0.0.170/32', 'NAT64/DNS64 Discovery', '[RFC8880][RFC7050], Section 2.2', '2013-02', 'FFFFT'],
  ['192.0.0.171/32', 'NAT64/DNS64 Discovery', '[RFC8880][RFC7050], Section 2.2', '2013-02', 'FFFFT'],
  ['192.0.2.0/24', 'Documentation (TEST-NET-1)', '[RFC5737]', '2010-01', 'FFFFF'],
  ['192.31.196.0/24', 'AS112-v4', '[RFC7535]', '2014-12', 'TTTTF'],
  ['192.52.193.0/24', 'AMT', '[RFC7450]', '2014-12', 'TTTTF'],
  ['192.88.99.0/24', 'Deprecated (6to4 Relay Anycast)', '[RFC7526]', '2001-06', '-----', '2015-03'],
  ['192.88.99.2/32', '6a44-relay anycast address', '[RFC6751]', '2012-10', 'TTTFF'],
  ['192.168.0.0/16', 'Private-Use', '[RFC1918]', '1996-02', 'TTTFF'],
  ['192.175.48.0/24', 'Direct Delegation AS112 Service', '[RFC7534]', '1996-01', 'TTTTF'],
  ['198.18.0.0/15', 'Benchmarking', '[RFC2544]', '1999-03', 'TTTFF'],
  ['198.51.100.0/24', 'Documentation (TEST-NET-2)', '[RFC5737]', '2010-01', 'FFFFF'],
  ['203.0.113.0/24', 'Documentation (TEST-NET-3)', '[RFC5737]', '2010-01', 'FFFFF'],
  ['240.0.0.0/4', 'Reserved', '[RFC1112], Section 4', '1989-08', 'FFFFT'],
  ['255.255.255.255/32', 'Limited Broadcast', '[RFC8190] [RFC919], Section 7', '1984-10', 'FTFFT'],
]);

/**
 * The IANA IPv6 Special-Purpose Address Registry, in its order.
 *
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export const IPV6_SPECIAL_PURPOSE: readonly SpecialPurposeBlock[] = /* @__PURE__ */ blocks([
  ['::1/128', 'Loopback Address', '[RFC4291]', '2006-02', 'FFFFT'],
  ['::/128', 'Unspecified Address', '[RFC4291]', '2006-02', 'TFFFT'],
  ['::ffff:0:0/96', 'IPv4-mapped Address', '[RFC4291]', '2006-02', 'FFFFT'],
  ['64:ff9b::/96', 'IPv4-IPv6 Translat.', '[RFC6052]', '2010-10', 'TTTTF'],
  ['64:ff9b:1::/48', 'IPv4-IPv6 Translat.', '[RFC8215]', '2017-06', 'TTTFF'],
  ['100::/64', 'Discard-Only Address Block', '[RFC6666]', '2012-06', 'TTTFF'],
  ['100:0:0:1::/64', 'Dummy IPv6 Prefix', '[RFC9780]', '2025-04', 'TFFFF'],
  ['2001::/23', 'IETF Protocol Assignments', '[RFC2928]', '2000-09', 'FFFFF'],
  ['2001::/32', 'TEREDO', '[RFC4380] [RFC8190]', '2006-01', 'TTT-F'],
  ['2001:1::1/128', 'Port Control Protocol Anycast', '[RFC7723]', '2015-10', 'TTTTF'],
  ['2001:1::2/128', 'Traversal Using Relays around NAT Anycast', '[RFC8155]', '2017-02', 'TTTTF'],
  ['2001:1::3/128', 'DNS-SD Service Registration Protocol Anycast', '[RFC9665]', '2024-04', 'TTTTF'],
  ['2001:2::/48', 'Benchmarking', '[RFC5180][RFC Errata 1752]', '2008-04', 'TTTFF'],
  ['2001:3::/32', 'AMT', '[RFC7450]', '2014-12', 'TTTTF'],
  ['2001:4:112::/48', 'AS112-v6', '[RFC7535]', '2014-12', 'TTTTF'],
  ['2001:10::/28', 'Deprecated (previously ORCHID)', '[RFC4843]', '2007-03', '-----', '2014-03'],
  ['2001:20::/28', 'ORCHIDv2', '[RFC7343]', '2014-07', 'TTTTF'],
  ['2001:30::/28', 'Drone Remote ID Protocol Entity Tags (DETs) Prefix', '[RFC9374]', '2022-12', 'TTTTF'],
  ['2001:db8::/32', 'Documentation', '[RFC3849]', '2004-07', 'FFFFF'],
  ['2002::/16', '6to4', '[RFC3056]', '2001-02', 'TTT-F'],
  ['2620:4f:8000::/48', 'Direct Delegation AS112 Service', '[RFC7534]', '2011-05', 'TTTTF'],
  ['3fff::/20', 'Documentation', '[RFC9637]', '2024-07', 'FFFFF'],
  ['5f00::/16', 'Segment Routing (SRv6) SIDs', '[RFC9602]', '2024-04', 'TTTFF'],
  ['fc00::/7', 'Unique-Local', '[RFC4193] [RFC8190]', '2005-10', 'TTTFF'],
  ['fe80::/10', 'Link-Local Unicast', '[RFC4291]', '2006-02', 'TTFFT'],
]);

function blocks(rows: readonly Row[]): readonly SpecialPurposeBlock[] {
  return Object.freeze(rows.map(block));
}

function block([prefix, name, rfc, allocated, flags, terminated]: Row): SpecialPurposeBlock {
  const flag = (column: number) => (flags[column] === '-' ? null : flags[column] === 'T');
  return Object.freeze({
    prefix,
    name,
    rfc,
    allocated,
    terminated: terminated ?? null,
    source: flag(0),
    destination: flag(1),
    forwardable: flag(2),
    globallyReachable: flag(3),
    reservedByProtocol: flag(4),
  });
}
