import {
  IN6ADDR_ANY,
  IN6ADDR_INTERFACELOCAL_ALLNODES,
  IN6ADDR_LINKLOCAL_ALLNODES,
  IN6ADDR_LINKLOCAL_ALLROUTERS,
  IN6ADDR_LOOPBACK,
  INADDR_ALLHOSTS_GROUP,
  INADDR_ALLRTRS_GROUP,
  INADDR_ALLSNOOPERS_GROUP,
  INADDR_ANY,
  INADDR_BROADCAST,
  INADDR_LOOPBACK,
  INADDR_MAX_LOCAL_GROUP,
  INADDR_UNSPEC_GROUP,
} from './constants.js';

/** The names of addresses in the socket API, which may stand wherever a host is written. `INADDR_NONE` is an error value. */
const ADDRESSES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['INADDR_ANY', INADDR_ANY],
  ['INADDR_LOOPBACK', INADDR_LOOPBACK],
  ['INADDR_BROADCAST', INADDR_BROADCAST],
  ['INADDR_UNSPEC_GROUP', INADDR_UNSPEC_GROUP],
  ['INADDR_ALLHOSTS_GROUP', INADDR_ALLHOSTS_GROUP],
  ['INADDR_ALLRTRS_GROUP', INADDR_ALLRTRS_GROUP],
  ['INADDR_ALLSNOOPERS_GROUP', INADDR_ALLSNOOPERS_GROUP],
  ['INADDR_MAX_LOCAL_GROUP', INADDR_MAX_LOCAL_GROUP],
  ['IN6ADDR_ANY', IN6ADDR_ANY],
  ['IN6ADDR_LOOPBACK', IN6ADDR_LOOPBACK],
  ['IN6ADDR_INTERFACELOCAL_ALLNODES', IN6ADDR_INTERFACELOCAL_ALLNODES],
  ['IN6ADDR_LINKLOCAL_ALLNODES', IN6ADDR_LINKLOCAL_ALLNODES],
  ['IN6ADDR_LINKLOCAL_ALLROUTERS', IN6ADDR_LINKLOCAL_ALLROUTERS],
]);

export const ADDRESS_WORDS: readonly string[] = /* @__PURE__ */ Array.from(ADDRESSES.keys());

/** The address text that a word stands for, null when it is none. */
export function readAddressWord(text: string): string | null {
  return ADDRESSES.get(text) ?? null;
}

/** Whether a text is one of the words, or looks like one: `inaddr_any`, `INADDR_NONE`. As a name it would be legal, and nobody means that. */
export function isLikeAddressWord(text: string): boolean {
  return /^in6?addr_/i.test(text);
}
