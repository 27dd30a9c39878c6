import { foldName } from './name.js';
import type { Resource } from './record.js';
import type { RecordTypeName } from './record-type.js';
import type { RecordTree } from './records.js';

/** What a reply says, before anything goes wrong with it. */
export interface Answer {
  /** 0 to 15. */
  readonly rcode: number;
  readonly answers: readonly Resource[];
  readonly authorities: readonly Resource[];
}

export const NOERROR = 0;
export const NXDOMAIN = 3;

/**
 * The answer of a resolver to which these records are the whole world: CNAMEs are followed, and a name that is not there
 * is NXDOMAIN, also when it is the target of a CNAME (RFC 6604 section 3). Negative answers carry the SOA above the name,
 * if there is one (RFC 2308). A record of the type that was asked for wins over a CNAME beside it.
 *
 * @see RFC 1034 section 4.3.2
 */
export function answerQuestion(records: RecordTree, question: { name: string; type: RecordTypeName }): Answer {
  const answers: Resource[] = [];
  const seen = new Set<string>();
  let owner = question.name;
  for (;;) {
    const key = foldName(owner);
    // A CNAME that leads back into its own chain: there is no more to say.
    if (seen.has(key)) return { rcode: NOERROR, answers, authorities: [] };
    seen.add(key);

    const node = records.at(key);
    const found = question.type === 'ANY' ? [...(node?.values() ?? [])].flat() : (node?.get(question.type) ?? []);
    // A wildcard answers under the name that it covers, and every name in the case in which it was asked.
    answers.push(...found.map((resource) => ({ ...resource, name: owner })));
    if (found.length > 0) return { rcode: NOERROR, answers, authorities: [] };

    const cname = node?.get('CNAME')?.[0];
    if (cname === undefined) {
      const soa = records.authority(key);
      return {
        rcode: node !== null || records.exists(key) ? NOERROR : NXDOMAIN,
        answers,
        authorities: soa === null ? [] : [{ ...soa, ttl: Math.min(soa.ttl, soa.minttl ?? soa.ttl) }],
      };
    }
    answers.push({ ...cname, name: owner });
    if (cname.alias === null) return { rcode: NOERROR, answers, authorities: [] };
    owner = cname.alias;
  }
}
