import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { classify, classifyPrefix, describeAllocation, PrefixMap, PrefixSet, RuleSet } from '../../src/ip/index.js';
import { bindConfigSchema, cliOutputSchemas } from '../../src/schema/index.js';
import {
  clientAddress,
  createBind,
  parseEnvironmentEndpoint,
  planBinds,
  validateBind,
} from '../../src/socket/index.js';
import { finish } from '../support/run-cli.js';
import { DIST } from '../support/run-node.js';
import { surfaceOf, writeDeclarations } from '../support/surface.js';
import { isNode, sourceNodes } from '../support/syntax-tree.js';
import { tempDir } from '../support/temp-dir.js';

/** `.`, `./ip`, … of package.json, but for what is no code. */
const ENTRIES = Object.entries(packageJson.exports).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [{ name, module: target.default.replace('./dist/', '') }],
);

type Module = Readonly<Record<string, unknown>>;

async function load(module: string): Promise<Module> {
  return import(new URL(module, DIST).href);
}

describe('what is exported', () => {
  const dir = tempDir();
  beforeAll(() => writeDeclarations(dir));

  // To change what is public on purpose: `npx vitest run test/trust/surface.test.ts -u`, and look at what git says.
  it.each(ENTRIES)('of $name, and its types, is as fixtures/surface has it', async ({ name, module }) => {
    const types = surfaceOf(dir, module.replace(/\.js$/, '.d.ts'));
    const values = Object.entries(await load(module)).map(([key, value]) => `${key}: ${kindOf(value)}`);
    const file = `${name === '.' ? 'index' : name.slice(2)}.txt`;
    const text = `// At run time\n${values.sort().join('\n')}\n\n${types}`;
    await expect(text).toMatchFileSnapshot(`../../fixtures/surface/${file}`);
    for (const value of values) expect(types).toContain(` ${value.split(':')[0]}`);
  });
});

function kindOf(value: unknown): string {
  if (typeof value !== 'function') return Array.isArray(value) ? 'array' : typeof value;
  return /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : `function of ${value.length}`;
}

describe('shared tables', () => {
  /** Where something in a value can be changed; schemas are zod's. */
  function* changeable(value: unknown, path: string): Generator<string, void, undefined> {
    if (typeof value !== 'object' || value === null || '_zod' in value) return;
    if (!Object.isFrozen(value)) yield path;
    for (const [key, part] of Object.entries(value)) yield* changeable(part, `${path}.${key}`);
  }

  it.each(ENTRIES)('of $name are frozen, and all that is in them', async ({ module }) => {
    const open = Object.entries(await load(module)).flatMap(([name, value]) => [...changeable(value, name)]);
    expect(open).toEqual([]);
  });

  it('are frozen where results show them', () => {
    const shown = {
      block: classify('10.0.0.1').block,
      blocks: classifyPrefix('0.0.0.0/0').blocks[0],
      allocation: describeAllocation('8.8.8.8'),
    };
    expect(Object.entries(shown).flatMap(([name, value]) => [...changeable(value, name)])).toEqual([]);
    expect(Object.values(shown).every((value) => typeof value === 'object' && value !== null)).toBe(true);
  });
});

describe('prototypes', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
  const EVIL =
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"host":"127.0.0.1","port":8080}';

  it('stay as they are, whatever is read', () => {
    const before = [Object.prototype, Array.prototype, Function.prototype, Map.prototype].map((each) =>
      Reflect.ownKeys(each),
    );
    const evil: unknown = JSON.parse(EVIL);
    const uses: (() => unknown)[] = [
      () => createBind(evil as never),
      () => validateBind(evil),
      () => bindConfigSchema.safeParse(evil),
      () => bindConfigSchema.safeParse([evil]),
      () => cliOutputSchemas['classify --summary'].safeParse({ kinds: evil }),
      () => planBinds([], evil as never),
      () => planBinds([], { names: new Map(NAMES.map((name) => [name, []])), interfaces: evil } as never),
      () => parseEnvironmentEndpoint(evil as never),
      ...NAMES.flatMap((name) => [
        () =>
          clientAddress(
            JSON.parse(`{"${name}":"192.0.2.1","forwarded":"${name}=1;for=192.0.2.1"}`),
            '127.0.0.1',
            PrefixSet.from(['127.0.0.0/8']),
          ),
        () => classify(name),
        () => classify('::1', JSON.parse(`{"${name}":["::/96"]}`)),
        () => new PrefixMap(JSON.parse(`{"${name}":1}`)),
        () => RuleSet.from([{ [name]: '10.0.0.0/8', action: name } as never], { match: name } as never),
      ]),
    ];
    for (const use of uses) {
      try {
        use();
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }
    expect(
      [Object.prototype, Array.prototype, Function.prototype, Map.prototype].map((each) => Reflect.ownKeys(each)),
    ).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('the source', () => {
  const nodes = [...sourceNodes()];
  const name = (value: unknown) => (isNode(value) ? value.name : undefined);
  const isCall = (type: string) => type === 'CallExpression' || type === 'NewExpression';

  it('makes no code of text', () => {
    const made = nodes.filter(
      ({ node }) =>
        (isCall(node.type) && ['eval', 'Function'].includes(String(name(node.callee)))) ||
        (isCall(node.type) && /^set(Timeout|Interval)$/.test(String(name(node.callee))) && isText(node.arguments)) ||
        (node.type === 'ImportExpression' && !(isNode(node.source) && node.source.type === 'Literal')),
    );
    expect(made.map(({ file, node }) => `${file}: ${node.type}`)).toEqual([]);
  });

  it('reads no environment variable but those that are documented', () => {
    const reads = nodes.filter(({ node }) => node.type === 'MemberExpression' && name(node.property) === 'env');
    expect(reads.map(({ file }) => file)).toEqual(['dns/resolver.ts']);
    // Where Windows has its hosts file; the whole environment is given to it.
    const hosts = nodes.filter(
      ({ file, node }) => file === 'dns/hosts.ts' && node.type === 'MemberExpression' && name(node.object) === 'env',
    );
    expect(hosts.map(({ node }) => name(node.property))).toEqual(['SystemRoot']);
    const docs = ['cli.md', 'dns.md']
      .map((file) => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8'))
      .join('\n');
    for (const variable of ['SystemRoot', 'NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS'])
      expect(docs).toContain(variable);
  });

  function isText(args: unknown): boolean {
    const [first] = Array.isArray(args) ? args : [];
    return isNode(first) && (first.type === 'Literal' || first.type === 'TemplateLiteral');
  }
});

describe('a process', () => {
  const ROOT = fileURLToPath(new URL('../..', import.meta.url));

  function run(flags: readonly string[], text: string) {
    const { NODE_OPTIONS, ...env } = process.env;
    return finish(spawn(process.execPath, [...flags, '--input-type=module', '--eval', text], { env, cwd: ROOT }));
  }

  it('in which no code may be made of text runs every layer', async () => {
    const text = `
      import { classify, PrefixSet } from '${new URL('ip/index.js', DIST)}';
      import { createLookup, Resolver } from '${new URL('dns/index.js', DIST)}';
      import { planBinds, createBind, readEnvironment } from '${new URL('socket/index.js', DIST)}';
      import { connect, listen } from '${new URL('tcp/index.js', DIST)}';
      import { addressSchema, bindConfigSchema } from '${new URL('schema/index.js', DIST)}';
      classify('10.0.0.1'); PrefixSet.from(['10.0.0.0/8']).has('10.1.2.3');
      addressSchema.parse('::1'); bindConfigSchema.parse('127.0.0.1:8080');
      planBinds([createBind({ host: '127.0.0.1', port: 8080 })], await readEnvironment());
      const resolver = new Resolver({ servers: ['127.0.0.1:1'] });
      await resolver.resolve('127.0.0.1'); createLookup({ resolver });
      const server = await listen({ host: '127.0.0.1', port: 0, allowEphemeral: true }, ({ socket }) => socket.end());
      const { socket } = await connect({ host: '127.0.0.1', port: server.addresses[0].port }, { policy: 'any' });
      socket.destroy(); await server.close(); resolver.close();
      let refused = false;
      try { new Function('return 1')(); } catch { refused = true; }
      console.log(refused);`;
    expect(await run(['--disallow-code-generation-from-strings'], text)).toEqual({
      stdout: 'true\n',
      stderr: '',
      code: 0,
    });
  });

  it.each(ENTRIES)('that imports $name reads only code, opens nothing, and ends', async ({ module }) => {
    const text = `
      import { createHook } from 'node:async_hooks';
      const made = new Set();
      createHook({ init: (id, type) => made.add(type) }).enable();
      await import('${new URL(module, DIST)}');
      // The channel is made by node:dns for everybody; a question would be a QUERYWRAP.
      const loader = ['PROMISE', 'FSREQCALLBACK', 'FSREQPROMISE', 'FILEHANDLE', 'FILEHANDLECLOSEREQ', 'Immediate', 'TickObject', 'Microtask', 'DNSCHANNEL'];
      console.log(JSON.stringify([...made].filter((type) => !loader.includes(type))));`;
    // What Node itself reads, and the packages that we depend on.
    const readable = [join(ROOT, 'dist'), join(ROOT, 'node_modules'), join(ROOT, 'package.json')];
    const { stdout, stderr, code } = await run(
      ['--experimental-permission', ...readable.map((path) => `--allow-fs-read=${path}*`)],
      text,
    );
    expect(
      stderr.replace(/\(node:\d+\) (ExperimentalWarning|SecurityWarning).*\n|\(Use `node --trace-warnings.*\n/g, ''),
    ).toBe('');
    expect({ stdout, code }).toEqual({ stdout: '[]\n', code: 0 });
  });
});
