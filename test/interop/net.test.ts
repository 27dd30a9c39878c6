import { execFile } from 'node:child_process';
import { SocketAddress } from 'node:net';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromNetSocketAddress, NetAddressError, toNetSocketAddress } from '../../src/interop/index.js';
import { AddressParseError, IPv4Address, IPv6Address, parseAddress } from '../../src/ip/index.js';
import { createSocketAddress } from '../../src/socket/index.js';

const run = promisify(execFile);
const ENTRY = new URL('../../dist/interop/index.js', import.meta.url).href;

/** What a caller of JavaScript may pass. */
function unchecked(fields: unknown): () => unknown {
  return () => Reflect.apply(toNetSocketAddress, undefined, [fields]);
}

function failure(make: () => unknown): NetAddressError {
  try {
    make();
  } catch (error) {
    if (error instanceof NetAddressError) return error;
    throw error;
  }
  throw new Error('it did not throw');
}

/** What a module prints in a Node process of its own, because what is tried here may end it: then 'abort'. */
async function inChild(script: string): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
    return stdout.trim();
  } catch (error) {
    if (error instanceof Error && 'signal' in error && 'code' in error) {
      if (error.signal === 'SIGABRT' || error.code === 134) return 'abort';
    }
    throw error;
  }
}

describe('toNetSocketAddress', () => {
  it('makes a SocketAddress of the family of the address', () => {
    const four = toNetSocketAddress({ address: '192.0.2.1', port: 80 });
    expect(four).toBeInstanceOf(SocketAddress);
    expect([four.address, four.port, four.family, four.flowlabel]).toEqual(['192.0.2.1', 80, 'ipv4', 0]);
    const six = toNetSocketAddress({ address: parseAddress('2001:DB8::1'), port: 443, flowInfo: 0xabcde });
    expect([six.address, six.port, six.family, six.flowlabel]).toEqual(['2001:db8::1', 443, 'ipv6', 0xabcde]);
  });

  it.each([undefined, null, '127.0.0.1:80', 80])('refuses %j, which is no object', (fields) => {
    const made = () => Reflect.apply(toNetSocketAddress, undefined, [fields]);
    expect(made).toThrow(NetAddressError);
    expect(made).toThrow(
      expect.objectContaining({ code: 'NOT_SOCKET_ADDRESS', hint: expect.stringMatching(/^pass \{/) }),
    );
  });

  it('has port 0 and no flow label unless told', () => {
    const made = toNetSocketAddress({ address: '::1', port: undefined, flowInfo: undefined });
    expect([made.port, made.flowlabel]).toEqual([0, 0]);
  });

  it.each([
    ['010.0.0.1', 'LEADING_ZERO'],
    ['127.0.0.1\0', 'BAD_CHARACTER'],
    ['127.0.0.1\0.example', 'BAD_CHARACTER'],
    ['::1\0', 'BAD_CHARACTER'],
    ['fe80::1%', 'ZONE_EMPTY'],
    ['::1%lo', 'ZONE_NOT_ALLOWED'],
    ['localhost', 'BAD_CHARACTER'],
    ['[::1]', 'BRACKETS'],
    ['', 'EMPTY'],
  ])('refuses %j: %s', (address, code) => {
    expect(unchecked({ address })).toThrow(AddressParseError);
    expect(unchecked({ address })).toThrow(expect.objectContaining({ code, input: address }));
  });

  it.each([[undefined], [null], [2130706433], [{}]])('refuses %j, which is no text', (address) => {
    expect(unchecked({ address })).toThrow(expect.objectContaining({ name: 'AddressParseError', code: 'NOT_TEXT' }));
  });

  it.each([
    ['80', 'port of type string; pass a whole number from 0 to 65535'],
    ['', 'port of type string; pass a whole number from 0 to 65535'],
    [null, 'port of type object; pass a whole number from 0 to 65535'],
    [80n, 'port of type bigint; pass a whole number from 0 to 65535'],
    [true, 'port of type boolean; pass a whole number from 0 to 65535'],
    [-0, 'port -0; pass a whole number from 0 to 65535'],
    [-1, 'port -1; pass a whole number from 0 to 65535'],
    [65536, 'port 65536; pass a whole number from 0 to 65535'],
    [80.5, 'port 80.5; pass a whole number from 0 to 65535'],
    [Number.NaN, 'port NaN; pass a whole number from 0 to 65535'],
    [Number.POSITIVE_INFINITY, 'port Infinity; pass a whole number from 0 to 65535'],
  ])('refuses the port %o', (port, message) => {
    const error = failure(unchecked({ address: '::1', port }));
    expect(error).toMatchObject({ name: 'NetAddressError', code: 'PORT', input: port, message });
    expect(message.endsWith(error.hint)).toBe(true);
  });

  it.each([
    [2 ** 20, 'flowInfo 1048576; pass a whole number from 0 to 1048575'],
    [2 ** 32 - 1, 'flowInfo 4294967295; pass a whole number from 0 to 1048575'],
    [-0, 'flowInfo -0; pass a whole number from 0 to 1048575'],
    [-1, 'flowInfo -1; pass a whole number from 0 to 1048575'],
    [1.5, 'flowInfo 1.5; pass a whole number from 0 to 1048575'],
    ['1', 'flowInfo of type string; pass a whole number from 0 to 1048575'],
    [null, 'flowInfo of type object; pass a whole number from 0 to 1048575'],
  ])('refuses the flow label %o', (flowInfo, message) => {
    expect(failure(unchecked({ address: '::1', flowInfo }))).toMatchObject({
      code: 'FLOW_INFO',
      input: flowInfo,
      message,
    });
  });

  it('refuses a flow label for IPv4, which Node would forget', () => {
    expect(failure(() => toNetSocketAddress({ address: '192.0.2.1', flowInfo: 1 }))).toMatchObject({
      code: 'FLOW_INFO',
      message: 'flowInfo 1 for IPv4; leave it out: only IPv6 has one',
    });
  });

  it("refuses Node's name for it, so that a net.SocketAddress does not lose its label here", () => {
    const socketAddress = new SocketAddress({ address: '::1', family: 'ipv6', flowlabel: 5 });
    expect(failure(() => toNetSocketAddress(socketAddress))).toMatchObject({ code: 'FLOW_INFO', input: 5 });
    expect(toNetSocketAddress(fromNetSocketAddress(socketAddress)).flowlabel).toBe(5);
  });

  it('refuses a zone, which Node would drop', () => {
    const error = failure(() => toNetSocketAddress({ address: 'fe80::1%eth0', port: 80 }));
    expect(error).toMatchObject({
      code: 'ZONE',
      input: 'eth0',
      message: '"fe80::1%eth0": zone; Node would drop it, pass fe80::1 and keep the zone elsewhere',
    });
  });
});

describe('a SocketAddress', () => {
  it('is itself again, but for its type', () => {
    for (const fields of [
      { address: '192.0.2.1', port: 80 },
      { address: '2001:db8::1', port: 443, flowInfo: 0xabcde },
      { address: '::ffff:192.0.2.1', port: 0 },
    ]) {
      const socketAddress = createSocketAddress(fields);
      expect(createSocketAddress(fromNetSocketAddress(toNetSocketAddress(socketAddress)))).toEqual(socketAddress);
    }
  });

  it('with a scope id is refused, as Node would drop it', () => {
    const scoped = createSocketAddress({ address: 'fe80::1', port: 80, scopeId: 2 });
    if (scoped.family !== 'AF_INET6') throw new Error('not IPv6');
    expect(failure(() => toNetSocketAddress(scoped))).toMatchObject({
      code: 'ZONE',
      input: 2,
      message: 'scopeId 2; Node would drop it, leave it out and keep it elsewhere',
    });
  });

  it('of a unix socket is refused', () => {
    expect(unchecked(createSocketAddress({ path: '/run/a' }))).toThrow(AddressParseError);
  });
});

describe('fromNetSocketAddress', () => {
  it('gives the parts', () => {
    const socketAddress = new SocketAddress({ address: '::FFFF:192.0.2.1', family: 'ipv6', port: 80, flowlabel: 7 });
    const { address, port, flowInfo } = fromNetSocketAddress(socketAddress);
    expect(address).toEqual(parseAddress('::ffff:192.0.2.1'));
    expect([port, flowInfo]).toEqual([80, 7]);
  });

  it('gives what Node defaults to', () => {
    const { address, port, flowInfo } = fromNetSocketAddress(new SocketAddress({}));
    expect([address.toString(), port, flowInfo]).toEqual(['127.0.0.1', 0, 0]);
  });

  it('is the inverse of toNetSocketAddress', () => {
    const addresses = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((bits) => IPv4Address.fromBigInt(bits)),
      fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((bits) => IPv6Address.fromBigInt(bits)),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => IPv6Address.fromBigInt(bits)),
    );
    fc.assert(
      fc.property(addresses, fc.nat(0xffff), fc.nat(0xfffff), (address, port, label) => {
        const flowInfo = address.family === 6 ? label : 0;
        const back = fromNetSocketAddress(toNetSocketAddress({ address, port, flowInfo }));
        expect(back.address.equals(address)).toBe(true);
        expect([back.port, back.flowInfo]).toEqual([port, flowInfo]);
      }),
    );
  });

  it.each([
    ['null', null],
    ['text', '127.0.0.1'],
    ['an AddressInfo', { address: '127.0.0.1', family: 'IPv4', port: 80 }],
  ])('refuses %s', (_, value) => {
    const error = failure(() => Reflect.apply(fromNetSocketAddress, undefined, [value]));
    expect(error).toMatchObject({ code: 'NOT_SOCKET_ADDRESS', input: value });
    expect(error.hint).toContain('new net.SocketAddress(');
  });
});

describe('what Node makes of the same fields, in a process of its own', () => {
  /** Source text of fields, under Node's names and ours. */
  const CASES: readonly (readonly [address: string, port: string, flowInfo: string])[] = [
    ["'127.0.0.1'", '80', '0'],
    ["'::1'", '65535', '1048575'],
    ["'::ffff:127.0.0.1'", '0', '1'],
    ["'127.0.0.1'", "'80'", '0'],
    ["'127.0.0.1'", "' 80 '", '0'],
    ["'127.0.0.1'", "'0x50'", '0'],
    ["'127.0.0.1'", '-0', '0'],
    ["'127.0.0.1'", '65536', '0'],
    ["'127.0.0.1'", 'null', '0'],
    ["'127.0.0.1'", '80n', '0'],
    ["'127.0.0.1'", '0', '5'],
    ["'127.0.0.1'", '0', '2 ** 20'],
    ["'::1'", '0', '2 ** 20'],
    ["'::1'", '0', '2 ** 32 - 1'],
    ["'::1'", '0', '-0'],
    ["'::1'", '0', "'1'"],
    ["'127.0.0.1\\0'", '0', '0'],
    ["'127.0.0.1\\0.example'", '0', '0'],
    ["'::1\\0x'", '0', '0'],
    ["'\\0'", '0', '0'],
    ["'fe80::1%lo'", '0', '0'],
    ["'fe80::1%1'", '0', '0'],
    ["'fe80::1%'", '0', '0'],
    ["'fe80::1%' + 'x'.repeat(10000)", '0', '0'],
    ["'::1%lo'", '0', '0'],
    ["'010.0.0.1'", '0', '0'],
    ["'127.1'", '0', '0'],
    ["'\\ud800'", '0', '0'],
    ["'x'.repeat(1e6)", '0', '0'],
  ];

  const PRINT = 'console.log(JSON.stringify([made.address, made.port, made.flowlabel]))';
  const REFUSED = "catch ({ code }) { console.log('refused', code) }";

  /** What our function says to each case: one process for all, so that an abort fails them all. */
  let ours: readonly string[] = [];

  beforeAll(async () => {
    const calls = CASES.map(
      ([address, port, flowInfo]) => `
        try {
          const made = toNetSocketAddress({ address: ${address}, port: ${port}, flowInfo: ${flowInfo} });
          ${PRINT};
        } ${REFUSED}`,
    );
    ours = (await inChild(`import { toNetSocketAddress } from '${ENTRY}'; ${calls.join('\n')}`)).split('\n');
  });

  it('is asked about as many cases as there are', () => {
    expect(ours).toHaveLength(CASES.length);
  });

  it.each(CASES.map((fields, index) => [...fields, index] as const))(
    'address %s, port %s, flow label %s: an abort, a refusal or a silent change is refused here',
    async (address, port, flowInfo, index) => {
      const node = await inChild(`
        import { SocketAddress } from 'node:net';
        const family = (${address}).includes(':') ? 'ipv6' : 'ipv4';
        try {
          const made = new SocketAddress({ address: ${address}, family, port: ${port}, flowlabel: ${flowInfo} });
          const kept = made.address === ${address} && made.port === ${port} && made.flowlabel === ${flowInfo};
          if (kept) ${PRINT}; else console.log('changed');
        } ${REFUSED}`);
      // Node 20 aborts for -0, which newer versions take for 0: it is refused on all of them.
      if (node.startsWith('[') && port !== '-0' && flowInfo !== '-0') expect(ours[index]).toBe(node);
      else expect(ours[index]).toMatch(/^refused [A-Z_0-9]+$/);
    },
  );
});
