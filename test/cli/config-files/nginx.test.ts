import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNginx } from '../../../src/cli/config-files/nginx.js';
import { damaged, shortly } from './reading.js';

describe('listen', () => {
  it('is found where it stands, with the name of its server', () => {
    const text = `
# listen 1;
http {
  server {
    listen 80 default_server; listen [::]:80 ipv6only=off;
    server_name _ a.example b.example;
  }
  server { server_name "c.example"; listen
      127.0.0.1:8080 ; }
}
`;
    expect(shortly(readNginx(text))).toEqual([
      '5:12 a.example 80 default_server',
      '5:38 a.example [::]:80 ipv6only=off separate',
      '9:7 c.example 127.0.0.1:8080',
    ]);
  });

  it.each([
    ['listen 80 udp;', '1:8 - 80 udp'],
    ['listen 443 quic reuseport;', '1:8 - 443 quic reuseport reusePort=true separate'],
    ['listen [::1] ipv6only=on;', '1:8 - [::1] ipv6only=on separate'],
    ['listen 80 backlog=64;', '1:8 - 80 backlog=64 backlog=64 separate'],
    ['listen 80 backlog=0;', '1:8 - 80 backlog=0 separate'],
    ['listen 80 bind;', '1:8 - 80 bind separate'],
    ['listen 80 so_keepalive=on;', '1:8 - 80 so_keepalive=on separate'],
    ['listen 443 ssl http2 proxy_protocol;', '1:8 - 443 ssl http2 proxy_protocol'],
    ['listen unix:/run/a.sock;', '1:8 - unix:/run/a.sock'],
    ['listen "127.0.0.1:80";', '1:8 - 127.0.0.1:80'],
    ["listen '127.0.0.1:80';", '1:8 - 127.0.0.1:80'],
    ['\tlisten\t80;\r\n', '1:9 - 80'],
  ])('%s', (text, expected) => {
    expect(shortly(readNginx(text))).toEqual([expected]);
  });

  it('is nothing within comments, quotes, longer words and Lua', () => {
    const text = `
map $a $b { default "listen 80; }"; '} listen 81;' 1; }
listen_backlog 5; # listen 82;
log_format x 'a\\'; listen 83;';
set $x a#listen; set $y \${z}listen;
content_by_lua_block {
  -- it's a } brace
  local t = { "}", '}', [[ } ]] } --[[ } ]] listen 84;
}
server { listen 85; }
`;
    expect(shortly(readNginx(text))).toEqual(['10:17 - 85']);
  });

  it('is *:80 in a server of http without one', () => {
    expect(shortly(readNginx('http {\n server { server_name a; }\n}'))).toEqual(['2:2 a *:80']);
    expect(shortly(readNginx('server { root /x; }'))).toEqual(['1:1 - *:80']);
    expect(shortly(readNginx('stream { server { proxy_pass x; } }'))).toEqual([]);
    expect(shortly(readNginx('http { upstream u { server 10.0.0.1:80; } }'))).toEqual([]);
    expect(shortly(readNginx('server { include listen.conf; }'))).toEqual(['1:10 note NOT_FOLLOWED']);
  });
});

describe('what is no config', () => {
  it.each([
    ['server {\n listen 80;', '1:1 bad: the block server has no end; close it with }'],
    ['server { listen 80; }\n}', '2:1 bad: a } that closes nothing; take it away'],
    ['listen 80', '1:1 bad: "listen" has no end; end the line with ;'],
    ['server { listen 80 }', '1:10 bad: "listen" has no end; end the line with ;'],
    [';', '1:1 bad: a ; without a directive; take it away'],
    ['{', '1:1 bad: a { without a directive; name the block'],
    ['listen "80;', '1:8 bad: a quote without an end; end the word'],
    ['listen "80"81;', '1:12 bad: a word right after a quote; put a blank between them'],
    ['a \\', '1:3 bad: a backslash at the end; end the word'],
    ['listen;', '1:1 bad: listen without an address; write listen 127.0.0.1:8080;'],
    ['x_by_lua_block { "', '1:16 bad: the block x_by_lua_block has no end; close it with }'],
  ])('%j is refused at its place', (text, expected) => {
    expect(shortly(readNginx(text))).toContain(expected);
  });

  it('keeps what came before', () => {
    expect(shortly(readNginx('server { listen 80; }\n}'))[0]).toBe('1:17 - 80');
  });
});

describe('any text', () => {
  it('is read or complained of', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a1 \n{};\'"\\#$[]:*', 'listen ', 'server ') }), (text) => {
        readNginx(text);
      }),
    );
  });

  it('is cut into words that put together again are the same words', () => {
    const word = fc.stringMatching(/^[a-z0-9*:.[\]]{1,9}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(' ', '\n', ' # x\n', '\t'),
        (words, gap) => {
          const text = `server {${gap}${words.map((each) => `listen${gap}${each};`).join(gap)}}`;
          const reading = readNginx(text);
          expect(reading.binds.map((bind) => bind.text)).toEqual(words);
          const lines = text.split('\n');
          for (const { line, column, text: found } of reading.binds) {
            expect(lines[line - 1]?.startsWith(found, column - 1)).toBe(true);
          }
        },
      ),
    );
  });

  it('takes no longer than its length asks for', { timeout: 30_000 }, () => {
    const most = 1 << 17;
    for (const text of ['"', '\\', '{', '# ', 'a{', '$', '\n', "'a'\n"]) {
      readNginx(text.repeat(most / text.length));
      readNginx(`"${text.repeat(most / text.length)}`);
      readNginx(`a_by_lua_block {${`--[[${text}`.repeat(most / (4 + text.length))}`);
    }
  });

  it('may be damaged anywhere', () => {
    const text = 'http {\n server { listen 80; server_name "a b"; } # x\n server { listen [::1]:81 bind; }\n}\n';
    fc.assert(fc.property(fc.nat(5000), (seed) => void readNginx(damaged(text, seed))));
  });
});
