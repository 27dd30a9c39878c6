import { describe, expect, it } from 'vitest';
import { AddressParseError, parseAddress } from '../../src/ip/index.js';
import { createBind, planBinds } from '../../src/socket/index.js';
import { environmentOf } from '../support/bind-environment.js';

const loopback = { address: '127.0.0.1', netmask: '255.0.0.0', family: 'IPv4', internal: true };

function refusal(fields: object): unknown {
  try {
    planBinds([createBind('localhost:80')], { ...environmentOf(), ...fields });
  } catch (error) {
    return error;
  }
  return null;
}

describe('an environment that is none', () => {
  it.each(Object.keys(environmentOf()))('lacks %s', (field) => {
    const fields = Object.entries(environmentOf()).filter(([name]) => name !== field);
    const plan = () => planBinds([], Object.fromEntries(fields) as never);
    expect(plan).toThrow(TypeError);
    expect(plan).toThrow(`environment.${field} is undefined: it must be `);
  });

  it.each<[object, string]>([
    [{ interfaces: { lo: null } }, 'environment.interfaces is an object: it must be lists of addresses by interface'],
    [{ interfaces: { lo: [null] } }, 'environment.interfaces has null for "lo": write an object with address, netmask'],
    [{ interfaces: { lo: ['127.0.0.1'] } }, 'environment.interfaces has "127.0.0.1" for "lo": write an object'],
    [{ interfaces: { lo: [{ ...loopback, address: 'x' }] } }, 'interfaces["lo"]: "x"'],
    [{ interfaces: { lo: [{ ...loopback, netmask: undefined }] } }, 'environment.interfaces has an object for "lo"'],
    // without it the subnet of a loopback would be taken for another's
    [{ interfaces: { lo: [{ ...loopback, internal: undefined }] } }, 'environment.interfaces has an object for "lo"'],
    [{ interfaces: { lo: [{ ...loopback, netmask: '255.0.255.0' }] } }, 'interfaces["lo"]: '],
    [{ names: { localhost: [] } }, 'environment.names is an object: it must be a Map'],
    [
      { names: new Map([['localhost', ['127.0.0.1']]]) },
      'environment.names has "127.0.0.1" for "localhost": write addr',
    ],
    [
      { names: new Map([['localhost', '127.0.0.1']]) },
      'environment.names has "127.0.0.1" for "localhost": write a list',
    ],
    [
      { names: new Map([['localhost', null]]) },
      'environment.names has null for "localhost": write a list of addresses',
    ],
    [{ names: new Map([[1, [parseAddress('::1')]]]) }, 'environment.names has 1: its keys must be text'],
    [{ ipv4Routes: { local: ['x'], broadcast: [] } }, 'environment.ipv4Routes has "x": write IPv4 prefixes'],
    [{ ipv4Routes: { local: [], broadcast: ['::/0'] } }, 'environment.ipv4Routes has "::/0": write IPv4 prefixes'],
    [{ paths: new Map([['/x', 'gone']]) }, 'environment.paths has "gone" for "/x": write one of free, socket, '],
    [{ paths: new Map([['/x', 'constructor']]) }, 'environment.paths has "constructor" for "/x"'],
    [{ canBindPrivileged: 'yes' }, 'environment.canBindPrivileged is "yes": it must be true, false, or null'],
    [{ plattform: 'linux' }, 'the environment has no "plattform": it has platform, '],
  ])('has %j', (fields, message) => {
    expect(refusal(fields)).toBeInstanceOf(TypeError);
    expect((refusal(fields) as TypeError).message).toContain(message);
  });

  it('keeps what is wrong with an address as the cause', () => {
    const { cause } = refusal({ interfaces: { lo: [{ ...loopback, address: 'x' }] } }) as TypeError;
    expect(cause).toBeInstanceOf(AddressParseError);
  });

  it.each([null, undefined, [], 'linux', 1])('is %j', (environment) => {
    expect(() => planBinds([], environment as never)).toThrow(/the environment is .*readEnvironment/);
  });
});

it('is not known who may bind privileged ports where canBindPrivileged is null', () => {
  const environment = { ...environmentOf(), canBindPrivileged: null };
  const inputs = ['127.0.0.1:80', '[::1]:1023', '127.0.0.1:1024', '127.0.0.1:80/udp', '192.0.2.77:80'];
  const { binds } = planBinds(
    inputs.map((text) => createBind(text)),
    environment,
  );
  expect(binds.map(({ predicted }) => predicted.code)).toEqual([
    'unknown',
    'unknown',
    'ok',
    'unknown',
    'EADDRNOTAVAIL',
  ]);
  expect(binds[0]?.warnings.map(({ message }) => message).join()).toContain('which it may have');
});

it('has no hole for a hole in the list of binds', () => {
  const binds = new Array(2);
  binds[1] = createBind('127.0.0.1:8080');
  expect(() => planBinds(binds, environmentOf())).toThrow(/undefined is no bind/);
});
