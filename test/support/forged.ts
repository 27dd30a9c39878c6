import { DnsError } from '../../src/dns/index.js';

function forged(properties: PropertyDescriptorMap): unknown {
  return Object.create(DnsError.prototype, properties);
}

const thrower = () => {
  throw new Error('a getter that throws');
};

const revoked = Proxy.revocable({}, {});
revoked.revoke();

const WORDS = { problem: { value: 'why' }, hint: { value: 'what to do' } };

/** What looks like a `DnsError` to `instanceof`, or fails where it is looked at, and what is said of it. */
export const FORGED: readonly (readonly [what: string, error: unknown, said: string])[] = [
  ['a DnsError that has nothing of one', forged({}), 'an error without a message'],
  ['one of no code', forged({ ...WORDS, message: { value: 'odd' } }), 'odd'],
  ['one of a code that there is not', forged({ ...WORDS, code: { value: 'ODD' } }), 'an error without a message'],
  ['one of a code that objects have', forged({ ...WORDS, code: { value: 'toString' } }), 'an error without a message'],
  ['one whose code throws', forged({ ...WORDS, code: { get: thrower } }), 'an error without a message'],
  [
    'one whose problem is no text',
    forged({ code: { value: 'SERVFAIL' }, hint: WORDS.hint }),
    'an error without a message',
  ],
  [
    'one whose hint throws',
    forged({ ...WORDS, code: { value: 'SERVFAIL' }, hint: { get: thrower } }),
    'an error without',
  ],
  ['one whose everything throws', new Proxy(forged({}) as object, { get: thrower }), 'what can not be told'],
  ['a proxy that is revoked', revoked.proxy, 'what can not be told'],
];
