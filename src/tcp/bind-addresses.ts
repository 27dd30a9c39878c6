import { messageOf } from '../checks/message-of.js';
import { recordAddresses } from '../checks/record-addresses.js';
import type { CanResolve, DnsErrorCode } from '../dns/index.js';
import { DnsError } from '../dns/index.js';
import type { Address } from '../ip/index.js';
import { isAddress, isUnspecified, parseAddress } from '../ip/index.js';
import type { Bind, InetBind } from '../socket/index.js';
import { AF_INET, AF_INET6, AF_UNIX } from '../socket/index.js';
import { onAbort } from './on-abort.js';
import { OpenFailure } from './open-failure.js';

/**
 * The binds to open for a bind: itself, or one for each address of its name, in the order of the resolver.
 *
 * @throws {OpenFailure} when the addresses are not known, one family's of them, or when one is every interface
 */
export async function addressesOf(bind: Bind, resolver: CanResolve, signal: AbortSignal | undefined): Promise<Bind[]> {
  if (bind.family === AF_UNIX || isAddress(bind.host)) return [bind];
  const { host: name } = bind;
  const { addresses, partial } = await answerOf(bind, resolver, signal);
  if (partial) {
    throw new OpenFailure(
      bind,
      null,
      'EAI_AGAIN',
      `only the addresses of one family of ${name} are known, as the servers failed for the other`,
    );
  }
  if (addresses.length === 0)
    throw new OpenFailure(bind, null, 'ENOTFOUND', `the resolver has given no address of ${name}`);
  return addresses.map((address) => {
    const host = address.toString();
    // Hosts files send names there, to have them reach nothing. To a server it is everything, which nobody has asked for.
    if (isUnspecified(address)) {
      throw new OpenFailure(
        bind,
        null,
        'EADDRNOTAVAIL',
        `${name} leads to ${host}, which is every interface; write ${host} when that is meant`,
      );
    }
    if (address.family === 4) return { ...bind, family: AF_INET, host, ipv6Only: false };
    return { ...bind, family: AF_INET6, host };
  });
}

interface NameAddresses {
  /** Each once, a mapped one as its IPv4 address. */
  readonly addresses: readonly Address[];
  readonly partial: boolean;
}

async function answerOf(bind: InetBind, resolver: CanResolve, signal: AbortSignal | undefined): Promise<NameAddresses> {
  try {
    const answer = await untilAborted(resolver.resolve(bind.host, undefined, { signal }), bind, signal);
    const all = recordAddresses(answer, parseAddress).map((address) =>
      address.family === 6 ? address.unmap() : address,
    );
    const addresses = [...new Map(all.map((address) => [address.toString(), address])).values()];
    return { addresses, partial: answer.partial };
  } catch (error) {
    if (error instanceof OpenFailure) throw error;
    // One that heeds the signal rejects with its reason, or with what it likes.
    if (signal?.aborted) throw abortedBy(signal, bind);
    if (error instanceof DnsError) throw new OpenFailure(bind, null, ERRNOS[error.code], error.message, error);
    throw new OpenFailure(bind, null, ERRNOS.BAD_RESPONSE, messageOf(error), error, 'mend the resolver');
  }
}

function abortedBy(signal: AbortSignal, bind: Bind): OpenFailure {
  return new OpenFailure(bind, null, 'ABORTED', 'the call was aborted', signal.reason);
}

/** A resolver may be anybody's, and take no notice of the signal. */
async function untilAborted<T>(answer: Promise<T>, bind: Bind, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer;
  let unlisten = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(abortedBy(signal, bind));
    if (signal.aborted) abort();
    else unlisten = onAbort(signal, abort);
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    unlisten();
  }
}

/** As getaddrinfo has them. */
const ERRNOS: Readonly<Record<DnsErrorCode, string>> = {
  BAD_NAME: 'ENOTFOUND',
  NXDOMAIN: 'ENOTFOUND',
  NODATA: 'ENOTFOUND',
  SERVFAIL: 'EAI_AGAIN',
  REFUSED: 'EAI_AGAIN',
  FORMERR: 'EAI_FAIL',
  NOTIMP: 'EAI_FAIL',
  BAD_RESPONSE: 'EAI_FAIL',
  TIMEOUT: 'EAI_AGAIN',
  ABORTED: 'ABORTED',
  BLOCKED: 'EACCES',
  UNREACHABLE: 'EAI_AGAIN',
};
