import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPostgres } from '../../../src/cli/config-files/postgres.js';
import { damaged, shortly } from './reading.js';

describe('postgresql.conf', () => {
  it('listens on addresses and a port, the last of each, however it is written', () => {
    const text = `# x
listen_addresses = '*'	# everything
Listen_Addresses 'localhost, 10.0.0.1'
port=5433
max_connections = 100
shared_preload_libraries = 'it''s, a\\'b'
`;
    expect(shortly(readPostgres(text))).toEqual(['3:18 postgres localhost, 10.0.0.1 default 5433']);
  });

  it('listens on localhost where it says nothing, and on nothing where it says so', () => {
    const reading = readPostgres('');
    expect(shortly(reading)).toEqual(['1:1 postgres localhost default 5432']);
    expect(reading.binds[0]?.text).toBe('localhost (no listen_addresses) port 5432');
    expect(shortly(readPostgres("listen_addresses = ''"))).toEqual([]);
  });

  it('has unix sockets where it names directories', () => {
    expect(shortly(readPostgres("unix_socket_directories = '/tmp, @x'\nlisten_addresses=''\nport=1"))).toEqual([
      '1:27 postgres {"path":"/tmp/.s.PGSQL.1"}',
      '1:27 postgres {"path":"\\u0000x/.s.PGSQL.1"}',
    ]);
  });

  it('notes what is not followed', () => {
    expect(shortly(readPostgres("include 'a.conf'\ninclude_dir = 'conf.d'"))).toEqual([
      '1:1 postgres localhost default 5432',
      '1:9 note NOT_FOLLOWED',
      '2:15 note NOT_FOLLOWED',
    ]);
  });

  it.each([
    ['port = 0', '1:8 bad: port is "0"; write a decimal number from 1 to 65535'],
    ["port = '080'", '1:8 bad: port is "080"; write a decimal number from 1 to 65535'],
    ["listen_addresses = '*", "1:1 bad: \"listen_addresses = '*\" is no setting; write name = 'value'"],
    ['  listen_addresses', '1:3 bad: "listen_addresses" is no setting; write name = \'value\''],
  ])('complains of %j', (text, expected) => {
    expect(shortly(readPostgres(text))).toContain(expected);
  });

  it('is read or complained of, whatever the text', () => {
    const unit = fc.constantFrom(..."'\\ #\n=*,", 'listen_addresses', 'port', '80', '::1');
    fc.assert(fc.property(fc.string({ unit }), (text) => void readPostgres(text)));
    const text = "listen_addresses = 'a, b' # x\nport = 1\n";
    fc.assert(fc.property(fc.nat(5000), (seed) => void readPostgres(damaged(text, seed))));
  });

  it('takes time by its length', { timeout: 30_000 }, () => {
    for (const each of ["'", "''", '\\', ' ', 'a', '=']) readPostgres(`port = '${each.repeat(500_000)}`);
  });
});
