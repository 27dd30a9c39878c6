import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { CanResolve, DnsErrorCode, ResolveOptions } from '../../src/dns/index.js';
import { DnsError } from '../../src/dns/index.js';
import type { BindFields } from '../../src/socket/index.js';
import { createBind } from '../../src/socket/index.js';
import { addressesOf } from '../../src/tcp/bind-addresses.js';
import { OpenFailure } from '../../src/tcp/open-failure.js';
import { FORGED } from '../support/forged.js';

const NAME = createBind({ host: 'name.test', port: 80 });

function resolverOf(answer: unknown): CanResolve {
  return { resolve: async () => answer as never };
}

function failing(error: unknown): CanResolve {
  return {
    resolve: async () => {
      throw error;
    },
  };
}

function recordsOf(...addresses: unknown[]): CanResolve {
  return resolverOf({ records: addresses.map((address) => ({ address })), partial: false });
}

async function failureOf(resolver: CanResolve, signal?: AbortSignal): Promise<OpenFailure> {
  const outcome: unknown = await addressesOf(NAME, resolver, signal).catch((error: unknown) => error);
  if (outcome instanceof OpenFailure) return outcome;
  throw new Error('expected a failure', { cause: outcome });
}

describe('the binds of a bind', () => {
  it.each([{ host: '127.0.0.1', port: 80 }, { host: '::', port: 80 }, { path: '/run/x' }] as BindFields[])(
    '%j is itself, without a question',
    async (fields) => {
      const bind = createBind(fields);
      expect(await addressesOf(bind, failing(new Error('asked')), undefined)).toEqual([bind]);
    },
  );

  it.skipIf(process.platform === 'win32')('are none for a path that the kernel does not take', async () => {
    for (const path of ['/'.padEnd(108, 'x'), '\0'.padEnd(108, 'x'), `/${'é'.repeat(53)}x`]) {
      const bind = createBind({ path });
      expect(await addressesOf(bind, failing(new Error('asked')), undefined)).toEqual([bind]);
      const long = createBind({ path: `${path}x` });
      await expect(addressesOf(long, failing(new Error('asked')), undefined)).rejects.toMatchObject({
        bind: long,
        socket: null,
        code: 'EINVAL',
        message: 'the path has 109 bytes, the kernel takes 108',
      });
    }
  });

  it('are one for each address of its name, in order and each once', async () => {
    const asked: unknown[] = [];
    const resolver: CanResolve = {
      resolve: async (...question: unknown[]) => {
        asked.push(question);
        const addresses = ['::1', '127.0.0.2', '::ffff:127.0.0.1', '127.0.0.2', '127.0.0.1', '0:0:0:0:0:0:0:1'];
        return { records: addresses.map((address) => ({ address })), partial: false } as never;
      },
    };
    const { signal } = new AbortController();
    const binds = await addressesOf({ ...NAME, ipv6Only: true }, resolver, signal);
    expect(binds).toEqual([
      { ...NAME, family: 'AF_INET6', host: '::1', ipv6Only: true },
      { ...NAME, family: 'AF_INET', host: '127.0.0.2', ipv6Only: false },
      { ...NAME, family: 'AF_INET', host: '127.0.0.1', ipv6Only: false },
    ]);
    expect(asked).toEqual([['name.test', undefined, { signal }]]);
  });

  it('are none for a name that leads to every interface, or of which a family is not known', async () => {
    for (const host of ['0.0.0.0', '::']) {
      const message = `name.test leads to ${host}, which is every interface`;
      expect(await failureOf(recordsOf('127.0.0.1', host))).toMatchObject({
        bind: NAME,
        socket: null,
        code: 'EADDRNOTAVAIL',
        message,
        hint: `write ${host} if that is meant, or mend the name`,
      });
    }
    const half = resolverOf({ records: [{ address: '127.0.0.1' }], partial: true });
    expect(await failureOf(half)).toMatchObject({
      bind: NAME,
      socket: null,
      code: 'EAI_AGAIN',
      message: 'only the addresses of one family of name.test are known, as the servers failed for the other',
    });
    // Of UDP, where one family is asked for, it is enough.
    const fields = { host: 'name.test', port: 80, type: 'SOCK_DGRAM' } as const;
    const [found] = await addressesOf(createBind({ ...fields, family: 'AF_INET' }), half, undefined);
    expect(found).toMatchObject({ host: '127.0.0.1', family: 'AF_INET' });
    const other = addressesOf(createBind({ ...fields, family: 'AF_INET6' }), half, undefined);
    await expect(other).rejects.toMatchObject({ code: 'EAI_AGAIN' });
  });
});

const ERRNOS: Readonly<Record<Exclude<DnsErrorCode, 'ABORTED'>, string>> = {
  BAD_NAME: 'ENOTFOUND',
  NXDOMAIN: 'ENOTFOUND',
  NODATA: 'ENOTFOUND',
  SERVFAIL: 'EAI_AGAIN',
  REFUSED: 'EAI_AGAIN',
  FORMERR: 'EAI_FAIL',
  NOTIMP: 'EAI_FAIL',
  BAD_RESPONSE: 'EAI_FAIL',
  TIMEOUT: 'EAI_AGAIN',
  BLOCKED: 'EACCES',
  UNREACHABLE: 'EAI_AGAIN',
};

describe('a resolver that fails', () => {
  it.each(Object.entries(ERRNOS))('%s is %s', async (code, errno) => {
    const error = new DnsError(code as DnsErrorCode, { name: 'name.test', type: null }, 'why', { hint: 'what to do' });
    const failure = await failureOf(failing(error), new AbortController().signal);
    const said = { message: `${code}: why`, hint: 'what to do' };
    expect(failure).toMatchObject({ bind: NAME, socket: null, code: errno, ...said, cause: error });
  });

  it('ABORTED is that, with the reason of the signal', async () => {
    const error = new DnsError('ABORTED', { name: 'name.test', type: null }, 'why', { hint: 'ask again' });
    const signal = AbortSignal.abort(new Error('enough'));
    const aborted = await failureOf(failing(error), signal);
    expect(aborted.code).toBe('ABORTED');
    expect(aborted.cause).toBe(signal.reason);
    // As that of a resolver that is closed.
    const closed = await failureOf(failing(error));
    expect(closed.code).toBe('ABORTED');
    expect(closed.cause).toBe(error);
  });

  it('because it heeds the signal is ABORTED, before and during the question', async () => {
    const heeding: CanResolve = {
      resolve: (_name: string, _type?: unknown, { signal }: ResolveOptions = {}) =>
        new Promise<never>((_, reject) => {
          const end = () => reject(signal?.reason);
          if (signal?.aborted) end();
          signal?.addEventListener('abort', end);
        }),
    };
    const before = AbortSignal.abort(new Error('enough'));
    const during = new AbortController();
    const failing = failureOf(heeding, during.signal);
    during.abort(new Error('enough'));
    for (const [failure, { reason }] of [
      [await failureOf(heeding, before), before],
      [await failing, during.signal],
    ] as const) {
      expect(failure).toMatchObject({ code: 'ABORTED', message: 'the call was aborted' });
      expect(failure.cause).toBe(reason);
    }
  });

  it('by giving no address at all is ENOTFOUND', async () => {
    expect(await failureOf(recordsOf())).toMatchObject({
      bind: NAME,
      socket: null,
      code: 'ENOTFOUND',
      message: 'the resolver has given no address of name.test',
    });
  });

  it.each([
    ['an error of another kind', failing(new TypeError('odd')), 'odd'],
    ['text', failing('odd'), 'odd'],
    ['rubbish', recordsOf('127.0.0.1', 'rubbish'), 'the resolver has given "rubbish", which is no address'],
    ['numbers', recordsOf(7), 'the resolver has given 7, which is no address'],
    ['null for a record', resolverOf({ records: [null] }), 'the resolver has given undefined, which is no address'],
    ['a hole', resolverOf({ records: new Array(1) }), 'the resolver has given undefined, which is no address'],
    ['no records', resolverOf({}), 'the resolver has given an object, and no list of records'],
    [
      'text for records',
      resolverOf({ records: '127.0.0.1' }),
      'the resolver has given an object, and no list of records',
    ],
    ['nothing', resolverOf(undefined), 'the resolver has given undefined, and no list of records'],
    ['what has no text', failing(Object.create(null)), 'an object'],
    ['a symbol', failing(Symbol('odd')), 'a symbol'],
    ...FORGED.map(([what, error, said]): [string, CanResolve, string] => [what, failing(error), said]),
  ])('with %s is EAI_FAIL', async (_, resolver, message) => {
    const failure = await failureOf(resolver);
    expect(failure).toMatchObject({ bind: NAME, socket: null, code: 'EAI_FAIL', hint: 'mend the resolver' });
    expect(failure.message).toContain(message);
    expect(failure.cause).toBeDefined();
  });

  it('never answers: the signal ends it, and hears no more', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const deaf: CanResolve = { resolve: () => new Promise<never>(() => {}) };
    const outcome = failureOf(deaf, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    controller.abort(new Error('enough'));
    const failure = await outcome;
    expect(failure).toMatchObject({ bind: NAME, socket: null, code: 'ABORTED', message: 'the call was aborted' });
    expect(failure.cause).toBe(signal.reason);
    const before = AbortSignal.abort(new Error('enough'));
    expect((await failureOf(deaf, before)).cause).toBe(before.reason);
    const answered = new AbortController().signal;
    await addressesOf(NAME, recordsOf('127.0.0.1'), answered);
    expect(getEventListeners(answered, 'abort')).toEqual([]);
  });
});
