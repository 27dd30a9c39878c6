import { isThenable } from '../checks/is-thenable.js';
import type { Classification, Prefix, PrefixSet } from '../ip/index.js';
import { classify, isGloballyReachable, isUnspecified, RuleSet } from '../ip/index.js';
import { checkOptions } from './options.js';

/**
 * Which addresses an answer may contain. 'any': all of them. 'global': globally reachable ones. `{allow, deny}`: by prefixes; a
 * denied prefix is matched by the address and by an IPv4 address inside it, an allowed one by what the address reaches, and with
 * `allow` given nothing else passes. A function: what it answers true for.
 *
 * But for 'any', the unspecified address never passes: on Linux it reaches the loopback.
 */
export type Policy =
  | 'any'
  | 'global'
  | { readonly allow?: PolicyPrefixes | undefined; readonly deny?: PolicyPrefixes | undefined }
  | ((classification: Classification) => boolean);

/** Prefixes as text, as values, or as a set. */
export type PolicyPrefixes = Iterable<Prefix | string> | PrefixSet;

/** Why an address is denied; null when it passes. */
export type PolicyCheck = (address: string) => string | null;

/**
 * A policy made ready: prefixes are read once.
 *
 * @throws {TypeError} for what is no policy, and for one with neither `allow` nor `deny`: a guard that is none must not be silent
 * @throws {PrefixParseError} for text that is no prefix
 */
export function compilePolicy(policy: Policy): PolicyCheck {
  if (policy === 'any') return () => null;
  const check = compileRestriction(policy);
  return (address) => (isUnspecified(address) ? 'the unspecified address reaches the loopback' : check(address));
}

function compileRestriction(policy: Exclude<Policy, 'any'>): PolicyCheck {
  if (policy === 'global') return (address) => (isGloballyReachable(address) ? null : 'not globally reachable');
  if (typeof policy === 'function') {
    // Only `true` passes: a forgotten `return` must not let everything through.
    return (address) => {
      const answer: unknown = policy(classify(address));
      if (answer === true) return null;
      if (!isThenable(answer)) return 'the policy says no';
      // Nobody waits for it: its failure must not end the process.
      Promise.resolve(answer).catch(() => {});
      return 'the policy has given a promise, and must answer at once';
    };
  }
  const none = () => new TypeError("the policy is none: pass 'any', 'global', {allow, deny} or a function");
  if (typeof policy !== 'object' || policy === null) throw none();
  checkOptions('a policy', policy, ['allow', 'deny'], ['allow', 'deny']);
  const { allow, deny } = policy;
  if (allow === undefined && deny === undefined) throw none();
  const rules = RuleSet.from(
    [
      ...prefixesOf(deny).map((prefix) => ({ action: 'deny' as const, prefix })),
      ...prefixesOf(allow).map((prefix) => ({ action: 'allow' as const, prefix })),
    ],
    { match: 'first', otherwise: allow === undefined ? 'allow' : 'deny' },
  );
  return (address) => {
    const { action, reason } = rules.decide(address);
    return action === 'allow' ? null : reason;
  };
}

function prefixesOf(prefixes: PolicyPrefixes | undefined): readonly (Prefix | string)[] {
  if (prefixes === undefined) return [];
  const isList = typeof prefixes === 'object' && prefixes !== null && Symbol.iterator in prefixes;
  if (!isList) throw new TypeError('allow and deny are lists of prefixes: write [prefix]');
  return [...prefixes];
}
