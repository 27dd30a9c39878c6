import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCompose } from '../../../src/cli/config-files/compose.js';
import { damaged, shortly } from './reading.js';

/** What is found for the ports of one service. */
function ports(text: string): string[] {
  return shortly(readCompose(`services:\n  web:\n    ports: ${text}`)).filter((line) => !line.includes('PUBLISHED'));
}

describe('compose files', () => {
  it('publish ports in the short and in the long syntax', () => {
    const text = `name: x
services:
  web:
    image: nginx
    ports:
      - "80:80"
      - 127.0.0.1:8001:8001/udp
      - 3000
  db:
    ports:
      - target: 5432
        published: "5432"
        host_ip: 127.0.0.1
      - {target: 53, published: 53, protocol: udp, host_ip: "::1"}
      - target: 9000
  idle:
    image: busybox
    ports: []
    expose: ["99"]
  none:
`;
    expect(shortly(readCompose(text))).toEqual([
      '6:9 web 80:80',
      '7:9 web 127.0.0.1:8001:8001/udp',
      '8:9 web 3000',
      '11:9 db 127.0.0.1:5432:5432',
      '14:9 db [::1]:53:53/udp',
      '15:9 db 9000',
      '6:9 note PUBLISHED_PORTS',
    ]);
  });

  it('warn of what YAML 1.1 reads as one number', () => {
    expect(ports('[22:22]')).toEqual(['3:13 web 22:22', '3:13 warning BASE_60']);
    expect(ports('["22:22", 8080:80, 80:59, 0:22]')).toEqual([
      '3:13 web 22:22',
      '3:22 web 8080:80',
      '3:31 web 80:59',
      '3:38 web 0:22',
      '3:31 warning BASE_60',
    ]);
  });

  it('take the defaults of variables, and say so', () => {
    expect(ports(['', `- \${PORT:-8080}:80`, `- \${A-1}:\${B:-2}`, '- $$x'].join('\n      '))).toEqual([
      '4:9 web 8080:80',
      '5:9 web 1:2',
      '6:9 web $x',
      '4:9 note DEFAULT_USED',
      '5:9 note DEFAULT_USED',
    ]);
    for (const text of [`\${PORT}:80`, '$PORT:80', `\${PORT:?needed}:80`, `\${PORT:+1}:80`]) {
      expect(ports(`["${text}"]`)).toEqual([
        `3:13 bad: $PORT decides, and has no default here; give it a default, \${PORT:-8080}, or check what comes out of docker compose config`,
      ]);
    }
  });

  it('take what stands in a default for what it is', () => {
    expect(ports(`["\${P4:-\${P5:-77}}:80"]`)).toEqual(['3:13 web 77:80', '3:13 note DEFAULT_USED']);
    expect(ports(`["\${P4:-$P5}:80"]`)).toEqual([
      `3:13 bad: $P5 decides, and has no default here; give it a default, \${P5:-8080}, or check what comes out of docker compose config`,
    ]);
  });

  it('say that published ports bypass the firewall, unless all are on loopback', () => {
    const said = (port: string) => shortly(readCompose(`services: {web: {ports: ["${port}"]}}`));
    for (const port of ['127.0.0.1:8080:80', `\${B:-127.0.0.1}:8080:80`, '[::1]:80:80'])
      expect(said(port)).not.toContain('1:26 note PUBLISHED_PORTS');
    for (const port of ['8080:80', `\${B:-0.0.0.0}:8080:80`]) expect(said(port)).toContain('1:26 note PUBLISHED_PORTS');
  });

  it('note what is not in the file', () => {
    const text = 'include: [a.yaml]\nservices:\n  a:\n    network_mode: host\n    extends: {service: b}\n';
    expect(shortly(readCompose(text))).toEqual([
      '1:1 note NOT_FOLLOWED',
      '5:5 note NOT_FOLLOWED',
      '4:5 note HOST_NETWORK',
    ]);
    expect(shortly(readCompose('include: [a.yaml]'))).toEqual(['1:1 note NOT_FOLLOWED']);
  });

  it('follow aliases and merge keys', () => {
    const text = 'x-ports: &p ["80:80"]\nx-base: &b {ports: ["81:81"]}\nservices:\n  a: {ports: *p}\n  b: {<<: *b}\n';
    expect(shortly(readCompose(text))).toEqual(['1:14 a 80:80', '2:21 b 81:81', '1:14 note PUBLISHED_PORTS']);
  });

  it('are read up to a number of findings, however often aliases repeat them', { timeout: 30_000 }, () => {
    const ports = Array.from({ length: 3000 }, (_, i) => `- "${i}:80"`).join('\n');
    const services = Array.from({ length: 3000 }, (_, i) => `  s${i}: {ports: *p}`).join('\n');
    const { binds, complaints } = readCompose(`x: &p\n${ports}\nservices:\n${services}`);
    expect(binds).toHaveLength(10_000);
    expect(complaints).toEqual([
      { line: 1002, column: 3, message: 'more than 10000 findings', hint: 'check it in parts' },
    ]);
  });

  it.each([
    ['', '1:1 bad: no services; write a compose file with `services:`'],
    ['a: 1', '1:1 bad: no services; write a compose file with `services:`'],
    ['[]', '1:1 bad: no map; write a compose file with `services:`'],
    ['services: []', '1:11 bad: services is no map; write each service under its name'],
    ['services: {a: {ports: 80}}', '1:23 bad: ports of a is no list; write a list of ports'],
    ['services: {a: {ports: [[80]]}}', '1:24 bad: a port of a is a list; write "8080:80", or published and target'],
    ['services: {a: {ports: [{published: 80}]}}', '1:24 bad: a port of a has no target; write target: 80'],
    ['services: {a: {ports: [{target: [80]}]}}', '1:33 bad: target is a list; write a text or a number'],
  ])('are refused when they are %j', (text, expected) => {
    expect(shortly(readCompose(text))).toEqual([expected]);
  });

  it('are read or complained of, whatever the value and the text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => void readCompose(JSON.stringify({ services: { a: { ports: value } } }))),
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => void readCompose(JSON.stringify({ services: value }))));
    const text = 'services:\n  a: &a\n    ports:\n      - "80:80"\n      - {target: 1, published: 2}\n  b: *a\n';
    fc.assert(fc.property(fc.nat(5000), (seed) => void readCompose(damaged(text, seed))));
  });
});
