import { describe, expect, it } from 'vitest';
import { createBind, planBinds } from '../../src/socket/index.js';
import { environmentOf } from '../support/bind-environment.js';
import { BindMachine, requestOf } from '../support/bind-machine.js';
import { tempDir } from '../support/temp-dir.js';

function pairsOf(...paths: string[]) {
  const { conflicts } = planBinds(
    paths.map((path) => createBind({ path })),
    environmentOf(),
  );
  return conflicts.map(({ first, second, verdict }) => `${first} ${second} ${verdict}`);
}

describe('two paths', () => {
  it.each([
    ['/run/a', 'a'],
    ['run/a', '/srv/run/a'],
    ['./a', '/run/a'],
    ['/run/x/../a', '/run/a'],
    ['/run/a', '/run/x/../a'],
    ['/run/x/../a', '/run/y/../a'],
    ['../a', 'x/a'],
    ['../a', '../../a'],
  ])('%s and %s may be one', (one, other) => {
    expect(pairsOf(one, other)).toEqual(['0 1 unknown']);
  });

  it.each([
    ['/run/a', '/srv/a'],
    ['run/a', 'a'],
    ['/run/a', 'b'],
    ['/run/x/../a', '/run/b'],
    ['/run/..a', 'a'],
    ['/run/a', '\0a'],
    ['a', '\0../a'],
  ])('%j and %j are two', (one, other) => {
    expect(pairsOf(one, other)).toEqual([]);
  });

  it('are one when they are the same text', () => {
    expect(pairsOf('/x/../a', '/x/./../a', '/a')).toEqual(['0 1 conflict', '0 2 unknown', '1 2 unknown']);
  });
});

it('says what may be one of paths that are, to the kernel', async () => {
  const dir = tempDir();
  const name = dir.slice(dir.lastIndexOf('/') + 1);
  const binds = [`${dir}/a`, `${dir}/../${name}/a`].map((path) => createBind({ path }));
  const machine = BindMachine.here();
  const environment = await machine.environment({ names: [], paths: binds.map(({ path = '' }) => path) });
  const outcomes = await machine.bind(binds.map(requestOf));
  await machine.close();
  expect(outcomes.map(({ code }) => code)).toEqual(['ok', 'EADDRINUSE']);
  expect(planBinds(binds, environment).conflicts).toMatchObject([
    { verdict: 'unknown', reason: expect.stringContaining("where '..' leads is not known") },
  ]);
});
