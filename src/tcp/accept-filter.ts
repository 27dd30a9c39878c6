import type { Address } from '../ip/index.js';
import { PrefixSet, RuleSet } from '../ip/index.js';

/** Who may connect. A `PrefixSet` has who may and nobody else; a `RuleSet` says it by rules, and what happens otherwise. */
export type AllowedPeers = PrefixSet | RuleSet;

/** Why a peer may not connect; null when it may. */
export type AcceptCheck = (peer: Address) => string | null;

/**
 * A filter made ready. The zone of a peer is left out before the filter is asked: `fe80::5%eth0` is in `fe80::/10`. An
 * IPv4-mapped peer is its IPv4 address.
 *
 * @throws {TypeError} for what is neither: a filter that is none must not let everybody in
 */
export function compileAllow(allow: AllowedPeers | undefined): AcceptCheck {
  if (allow === undefined) return () => null;
  if (allow instanceof PrefixSet) {
    return (peer) => (allow.has(bare(peer)) ? null : 'not in the set of those who may connect');
  }
  if (allow instanceof RuleSet) {
    return (peer) => {
      const { action, reason } = allow.decide(peer);
      return action === 'allow' ? null : reason;
    };
  }
  throw new TypeError("allow is no PrefixSet and no RuleSet: write PrefixSet.from(['10.0.0.0/8'])");
}

function bare(peer: Address): Address {
  return peer.family === 4 ? peer : peer.withZone(null).unmap();
}
