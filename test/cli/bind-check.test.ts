import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BindCheck } from '../../src/cli/bind-check.js';
import { checkDrafts } from '../../src/cli/bind-check.js';
import { askedOf, draftBinds, type Source } from '../../src/cli/bind-drafts.js';
import { whereText } from '../../src/cli/bind-report.js';
import type { FormatName } from '../../src/cli/config-files/formats.js';
import { readConfig } from '../../src/cli/config-files/read-config.js';
import { parseAddress } from '../../src/ip/index.js';
import type { Reach } from '../../src/socket/index.js';
import { ENVIRONMENT } from '../support/fixture-environment.js';

function source(format: FormatName, text: string, name: string = format): Source {
  return { name, ...readConfig(text, format, false) };
}

function check(sources: readonly Source[], expose: Exclude<Reach, 'none'> | null = 'all'): BindCheck {
  return checkDrafts(draftBinds(sources, expose), ENVIRONMENT);
}

/** The sockets of a check, as short texts. */
function sockets({ binds }: BindCheck): string[] {
  return binds.map(({ name, plan: { occupies, predicted } }) => {
    const where =
      occupies.kind === 'inet'
        ? `${occupies.protocol} ${occupies.port} ${occupies.ipv4 ?? '-'} ${occupies.ipv6 ?? '-'}`
        : occupies.kind === 'unix'
          ? occupies.path
          : '?';
    return `${name ?? '-'}: ${where} ${predicted.code}`;
  });
}

function findings({ findings }: BindCheck): string[] {
  return findings.map(({ kind, code, where }) => `${whereText(where)} ${kind} ${code}`);
}

function troubles({ troubles }: BindCheck): string[] {
  return troubles.map(({ where, message }) => `${whereText(where)} ${message}`);
}

describe('the sockets of nginx', () => {
  it('are one for equal binds of its servers, whatever file they are in', () => {
    const one = source('nginx', 'server { listen 80; server_name a; } server { listen *:80; server_name b; }', 'one');
    const two = source('nginx', 'server { listen 0.0.0.0:80; server_name c; server_name d; }', 'two');
    expect(sockets(check([one, two]))).toEqual(['a, b, d: tcp 80 * - ok']);
  });

  it('are none for an address beside one for all of its family, unless a parameter asks', () => {
    const text = 'server { listen 10.0.0.7:80; listen 80; listen [::1]:80; listen [::]:80; listen 127.0.0.1:80 bind; }';
    const checked = check([source('nginx', text)]);
    expect(sockets(checked)).toEqual(['-: tcp 80 * - ok', '-: tcp 80 - * ok', '-: tcp 80 127.0.0.1 - ok']);
    expect(findings(checked)).toEqual(['nginx:1:81 conflict CONFLICT']);
  });

  it('have the parameters of the line that has some', () => {
    const text = 'server { listen [::]:80; } server { listen [::]:80 ipv6only=off; }';
    expect(sockets(check([source('nginx', text)]))).toEqual(['-: tcp 80 * * ok']);
  });

  it('are apart from those of others', () => {
    const nginx = source('nginx', 'server { listen 8080; }');
    expect(findings(check([nginx, source('inaddr', '- 127.0.0.1:8080')]))).toEqual(['inaddr:1:3 conflict CONFLICT']);
  });

  it('are in the way of others whoever asks, with the privilege or without', () => {
    const nginx = source('nginx', 'server { listen 80; listen [::]:80; }');
    const compose = source('compose', 'services: {web: {ports: ["127.0.0.1:80:80"]}}');
    expect(findings(check([nginx, compose]))).toContainEqual(expect.stringMatching(/^compose:.* conflict CONFLICT$/));
    const found = findings(check([nginx, source('inaddr', '- 127.0.0.1:80')]));
    expect(found).toContain('inaddr:1:3 error EACCES');
    expect(found).toContainEqual(expect.stringMatching(/ conflict CONFLICT$/));
  });

  it('hint at what nginx can have in place of all of IPv6', () => {
    const { findings: found } = check([
      source('nginx', 'server { listen [::]:8080; }'),
      source('inaddr', '- 127.0.0.1:80'),
    ]);
    expect(found.map(({ hint }) => hint)).not.toContainEqual(expect.stringContaining('ipv6Only'));
  });

  it('do not split localhost among themselves', () => {
    const text = 'server { listen 8080; server_name a; } server { listen [::]:8080; server_name b; }';
    expect(findings(check([source('nginx', text)]))).toEqual([]);
    const binds = 'binds: {a: "0.0.0.0:8080", b: {host: "::1", port: 8080}}';
    expect(findings(check([source('inaddr', binds)]))).toEqual(['inaddr:1:31 shadow SHADOW']);
  });

  it('are one for each address of a name', () => {
    expect(sockets(check([source('nginx', 'server { listen localhost:8080; }')]))).toEqual([
      '-: tcp 8080 127.0.0.1 - ok',
      '-: tcp 8080 - ::1 ok',
    ]);
    expect(
      sockets(check([source('nginx', 'server { listen gone.internal:8080; listen who.internal:8080; }')])),
    ).toEqual(['-: ? ENOTFOUND', '-: ? unknown']);
    expect(sockets(check([source('postgres', "listen_addresses = 'localhost'")]))).toEqual([
      'postgres: tcp 5432 127.0.0.1 - ok',
      'postgres: tcp 5432 - ::1 ok',
    ]);
  });

  it('are one for the first address of a name where the program takes one', () => {
    const names = new Map([['both.internal', ['::1', '127.0.0.1'].map((text) => parseAddress(text))]]);
    const said = (format: FormatName, text: string) =>
      sockets(checkDrafts(draftBinds([source(format, text)], 'all'), { ...ENVIRONMENT, names }));
    expect(said('inaddr', '- both.internal:8080')).toEqual(['-: tcp 8080 - ::1 ok']);
    expect(said('redis', 'bind both.internal')).toEqual(['redis: tcp 6379 127.0.0.1 - ok']);
  });
});

describe('the sockets of systemd', () => {
  it.each([
    ['ipv6-only', '-'],
    ['both', '*'],
    ['default', '*'],
  ])('have the families of BindIPv6Only=%s, a port alone likewise', (word, ipv4) => {
    for (const address of ['80', '[::]:80']) {
      const unit = `[Socket]\nListenStream=${address}\nBindIPv6Only=${word}`;
      expect(sockets(check([source('systemd', unit)])), unit).toEqual([`systemd: tcp 80 ${ipv4} * ok`]);
    }
    const inet = `[Socket]\nListenStream=0.0.0.0:80\nBindIPv6Only=${word}`;
    expect(sockets(check([source('systemd', inet)]))).toEqual(['systemd: tcp 80 * - ok']);
  });
});

describe('what a program may', () => {
  it('is said of root where root starts it', () => {
    const said = (format: FormatName, text: string) => sockets(check([source(format, text)]));
    expect(said('nginx', 'server { listen 80; }')).toEqual(['-: tcp 80 * - ok']);
    expect(said('compose', 'services: {a: {ports: ["80:80"]}}')).toEqual(['a: tcp 80 * * ok']);
    expect(said('systemd', '[Socket]\nListenStream=80')).toEqual(['systemd: tcp 80 * * ok']);
    expect(said('inaddr', '- 0.0.0.0:80')).toEqual(['-: tcp 80 * - EACCES']);
    expect(said('env', 'HOST=0.0.0.0\nPORT=80')).toEqual(['-: tcp 80 * - EACCES']);
  });

  it('is more with FreeBind', () => {
    const unit = '[Socket]\nListenStream=203.0.113.9:8080\n';
    expect(sockets(check([source('systemd', unit)]))).toEqual(['systemd: tcp 8080 203.0.113.9 - EADDRNOTAVAIL']);
    expect(sockets(check([source('systemd', `${unit}FreeBind=yes`)]))).toEqual(['systemd: tcp 8080 203.0.113.9 - ok']);
  });

  it('is to remove a socket that was left behind', () => {
    expect(sockets(check([source('systemd', '[Socket]\nListenStream=/run/app/old.sock')]))).toEqual([
      'systemd: /run/app/old.sock ok',
    ]);
    expect(sockets(check([source('inaddr', '- unix:/run/app/old.sock')]))).toEqual(['-: /run/app/old.sock EADDRINUSE']);
  });

  it('is to pass over an absent address', () => {
    const checked = check([source('redis', 'bind -10.9.9.9 127.0.0.1')]);
    expect(sockets(checked)).toEqual(['redis: tcp 6379 10.9.9.9 - EADDRNOTAVAIL', 'redis: tcp 6379 127.0.0.1 - ok']);
    expect(findings(checked)).toEqual(['redis:1:1 note PROTECTED_MODE', 'redis:1:1 note EADDRNOTAVAIL']);
  });

  it('is to share a port, whatever this version of Node does', () => {
    const unit = '[Socket]\nListenStream=127.0.0.1:8080\nReusePort=yes\n';
    const old = { ...ENVIRONMENT, nodeVersion: '20.19.0' };
    const drafts = draftBinds([source('systemd', unit, 'a'), source('systemd', unit, 'b')], null);
    expect(findings(checkDrafts(drafts, old))).toEqual([]);
    const node = '- {host: 127.0.0.1, port: 8080, reusePort: true}';
    const own = draftBinds([source('inaddr', node, 'a'), source('inaddr', node, 'b')], null);
    expect(findings(checkDrafts(own, old))).toEqual([
      'b:1:3 conflict CONFLICT',
      'a:1:3 warning REUSE_PORT_IGNORED',
      'b:1:3 warning REUSE_PORT_IGNORED',
    ]);
  });
});

describe('ports of compose', () => {
  it('are one bind each, and one at all for a choice', () => {
    const ports = (list: string) => sockets(check([source('compose', `services: {a: {ports: ${list}}}`)]));
    expect(ports('["8000-8001:80-81"]')).toEqual(['a: tcp 8000 * * ok', 'a: tcp 8001 * * ok']);
    expect(ports('["8000-8001:80"]')).toEqual(['a: tcp 8000 * * ok']);
    expect(ports('["80", "81"]')).toEqual(['a: tcp 0 * * ok', 'a: tcp 0 * * ok']);
    expect(ports('["127.0.0.1:53:53/udp", "[::1]:53:53"]')).toEqual(['a: udp 53 127.0.0.1 - ok', 'a: tcp 53 - ::1 ok']);
    expect(findings(check([source('compose', 'services: {a: {ports: ["127.0.0.1::80"]}}')]))).toEqual([]);
  });
});

describe('what is no bind', () => {
  it('is told with the place of its key, and the others are checked', () => {
    const text =
      'binds:\n  a:\n    host: 127.0.0.1\n    port: "80"\n    prot: 1\n  b: 127.0.0.1:8080\n  c: 127.0.0.1:x\n  d: 5';
    const checked = check([source('inaddr', text)]);
    expect(sockets(checked)).toEqual(['b: tcp 8080 127.0.0.1 - ok']);
    expect(troubles(checked)).toEqual([
      expect.stringMatching(/^inaddr:4:5 a: port: /),
      expect.stringMatching(/^inaddr:5:5 a: prot: /),
      expect.stringMatching(/^inaddr:7:6 "127\.0\.0\.1:x": /),
      expect.stringMatching(/^inaddr:8:6 d: /),
    ]);
  });

  it('may be called like a part of every object', () => {
    const text = 'binds:\n  a: {host: 127.0.0.1, port: 8080, __proto__: {expose: all}}\n  __proto__: 127.0.0.1:8081';
    const checked = check([source('inaddr', text)]);
    expect(sockets(checked)).toEqual(['__proto__: tcp 8081 127.0.0.1 - ok']);
    expect(troubles(checked)).toEqual([expect.stringMatching(/^inaddr:2:36 a: __proto__: there is no "__proto__"/)]);
  });
});

describe('expose', () => {
  const text = 'binds: {a: {host: 0.0.0.0, port: 8080}, b: {host: 0.0.0.0, port: 8081, expose: all}}';

  it('is said for those that say nothing themselves', () => {
    expect(findings(check([source('inaddr', text)], 'loopback'))).toEqual(['inaddr:1:12 error EXPOSE_EXCEEDED']);
    expect(findings(check([source('inaddr', text)], 'all'))).toEqual([]);
    expect(findings(check([source('inaddr', text)], null))).toEqual(['inaddr:1:12 warning WILDCARD']);
  });
});

describe('many binds', () => {
  it('are checked up to a number', { timeout: 30_000 }, () => {
    const checked = check([source('compose', 'services: {a: {ports: ["127.0.0.1:1-5000:1-5000"]}}')]);
    expect(checked.binds).toHaveLength(4096);
    expect(troubles(checked)).toEqual(['compose:1:24 more than 4096 binds; check them in parts']);
  });

  it('of one port are checked up to a number', { timeout: 30_000 }, () => {
    const text = `binds: [${Array(150).fill('127.0.0.1:8080').join(', ')}]`;
    const checked = check([source('inaddr', text)]);
    expect(checked.binds).toHaveLength(100);
    expect(checked.findings).toHaveLength((100 * 99) / 2);
    expect(troubles(checked)).toEqual([
      expect.stringMatching(/more than 100 binds of port 8080; check them in parts$/),
    ]);
  });
});

describe('askedOf', () => {
  it('has the names and paths that a check looks at', () => {
    const text = '[localhost:80, "127.0.0.1:81", "[::1]:81", unix:/run/a, {host: x.internal, port: 1}, {host: 5}, 7]';
    expect(askedOf(draftBinds([source('inaddr', text)], null).drafts)).toEqual({
      names: ['localhost', 'x.internal'],
      paths: ['/run/a'],
    });
  });
});

describe('any config', () => {
  it('is checked, or told', () => {
    const format = fc.constantFrom<FormatName>('inaddr', 'compose', 'nginx', 'systemd', 'env', 'redis', 'postgres');
    const unit = fc.constantFrom(
      ...'[]{}*:-\'"=\n ,;/%@',
      '80',
      '0',
      '65536',
      '127.0.0.1',
      '::1',
      '::',
      'localhost',
      'listen ',
      '[Socket]\nListenStream=',
      'HOST=',
      '\nPORT=',
      'bind ',
      'listen_addresses ',
      'udp',
      'services: {a: {ports: [',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(format, fc.string({ unit })), { maxLength: 3 }), (files) => {
        const { binds, findings } = check(
          files.map(([name, text]) => source(name, text)),
          null,
        );
        for (const { bind, other } of findings) {
          for (const index of [bind, other]) if (index !== null) expect(binds[index]).toBeDefined();
        }
      }),
    );
  });

  it('of values is checked, or told', () => {
    const field = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('127.0.0.1', '::', 'localhost', 80, 8080, true),
    );
    const key = fc.constantFrom('host', 'port', 'path', 'type', 'expose', 'name', 'ipv6Only', 'backlog', '__proto__');
    fc.assert(
      fc.property(fc.array(fc.dictionary(key, field), { maxLength: 4 }), (binds) => {
        const checked = check([source('inaddr', JSON.stringify({ binds }))], null);
        const told = new Set(checked.troubles.map(({ where }) => whereText(where)));
        expect(checked.binds.length + told.size).toBeGreaterThanOrEqual(Math.min(binds.length, 1));
      }),
    );
  });
});
