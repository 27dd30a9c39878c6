import { recordAddresses } from '../checks/record-addresses.js';
import type { CanResolve } from '../dns/index.js';
import type { Address } from '../ip/index.js';
import { isAddress, isUnspecified, parseAddress } from '../ip/index.js';
import type { Bind, InetBind, UnixBind } from '../socket/index.js';
import { AF_INET, AF_INET6, AF_UNIX } from '../socket/index.js';
import { onAbort } from './on-abort.js';
import { OpenFailure } from './open-failure.js';
import { badResponse, DNS_ERRNOS, readDnsError } from './unanswered.js';
import { LONGEST_PATH, pathBytes } from './unix-path.js';

/**
 * The binds to open for a bind: itself, or one for each address of its name, in the order of the resolver.
 *
 * @throws {OpenFailure} when the addresses are not known, one family's of them that is wanted, or when one is every interface; EINVAL
 *   for a path that the kernel does not take
 */
export async function addressesOf(bind: Bind, resolver: CanResolve, signal: AbortSignal | undefined): Promise<Bind[]> {
  if (bind.family === AF_UNIX) return [checkedPath(bind)];
  if (isAddress(bind.host)) return [bind];
  const { host: name } = bind;
  const { addresses, partial } = await answerOf(bind, resolver, signal);
  // Of UDP, one family is enough.
  const isKnown = addresses.some(({ family }) => bind.family === (family === 4 ? AF_INET : AF_INET6));
  if (partial && !isKnown) {
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
        `${name} leads to ${host}, which is every interface`,
        undefined,
        `write ${host} if that is meant, or mend the name`,
      );
    }
    if (address.family === 4) return { ...bind, family: AF_INET, host, ipv6Only: false };
    return { ...bind, family: AF_INET6, host };
  });
}

/** Some versions of Node open another path, without a word: the beginning of it. */
function checkedPath(bind: UnixBind): Bind {
  const bytes = pathBytes(bind.path);
  // A named pipe of Windows is no file.
  if (bytes <= LONGEST_PATH || process.platform === 'win32') return bind;
  throw new OpenFailure(bind, null, 'EINVAL', `the path has ${bytes} bytes, the kernel takes ${LONGEST_PATH}`);
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
    // One that heeds the signal rejects with its reason, or with what it likes.
    if (signal?.aborted) throw abortedBy(signal, bind);
    const known = readDnsError(error);
    const { code, problem, hint } = known ?? badResponse(error);
    throw new OpenFailure(bind, null, DNS_ERRNOS[code], known === null ? problem : `${code}: ${problem}`, error, hint);
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
