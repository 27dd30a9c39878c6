import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSystemd } from '../../../src/cli/config-files/systemd.js';
import { damaged, shortly } from './reading.js';

describe('socket units', () => {
  it('listen on each line, with the settings of the section, wherever they stand', () => {
    const text = `# web
[Unit]
Description=ListenStream=1

[Socket]
ListenStream=8080
  ListenStream = 127.0.0.1:81
ListenDatagram=[::1]:53
; ListenStream=82
ListenSequentialPacket=/run/x
BindIPv6Only=ipv6-only
ReusePort=yes
Backlog=16
FreeBind=on

[Install]
WantedBy=sockets.target
`;
    const settings = 'ipv6Only=true reusePort=true backlog=16 freeBind';
    expect(shortly(readSystemd(text))).toEqual([
      `6:14 - 8080 ${settings}`,
      `7:18 - 127.0.0.1:81 ${settings}`,
      `8:16 - [::1]:53 protocol=udp ${settings}`,
      `10:24 - /run/x ${settings}`,
    ]);
  });

  it('take back what came before with an empty value', () => {
    const text =
      '[Socket]\nListenStream=80\nListenDatagram=81\nListenStream=\nListenStream=82\n[Socket]\nListenStream=83';
    expect(shortly(readSystemd(text))).toEqual(['5:14 - 82', '7:14 - 83']);
  });

  it('go on after a backslash, over comments', () => {
    const text = '[Socket]\r\nListenStream=\\\r\n# x\r\n  80\r\nListenStream=8\\\n1\n';
    // As systemd reads it, the backslash is a blank.
    expect(shortly(readSystemd(text))).toEqual(['2:1 - 80', '5:14 - 8 1']);
    expect(shortly(readSystemd('[Socket]\nListenStream=80\\'))).toEqual(['2:14 - 80']);
  });

  it.each([
    ['both', '2:14 - [::]:80 ipv6Only=false'],
    ['default', '2:14 - [::]:80'],
    ['', '2:14 - [::]:80'],
  ])('take BindIPv6Only=%s', (word, expected) => {
    expect(shortly(readSystemd(`[Socket]\nListenStream=[::]:80\nBindIPv6Only=${word}`))).toEqual([expected]);
  });

  it('know the directories of specifiers, and complain of what the unit decides', () => {
    const read = (value: string) => shortly(readSystemd(`[Socket]\nListenStream=${value}`));
    expect(read('%t/a.sock')).toEqual(['2:14 - /run/a.sock']);
    // As the dialect has it, which expands nothing: a percent sign is doubled.
    expect(read('/x/%%t')).toEqual(['2:14 - /x/%%t']);
    expect(read('[fe80::1]:80%%eth0')).toEqual(['2:14 - [fe80::1]:80%%eth0']);
    expect(read('[fe80::1]:80%eth0')).toEqual(['2:14 - [fe80::1]:80%%eth0']);
    expect(read('/x/%')).toEqual(['2:14 - /x/%%']);
    expect(read('/%%%t%%%%e')).toEqual(['2:14 - /%%/run%%%%e']);
    expect(read('/run/%i')).toEqual([
      '2:14 bad: /run/%i: a specifier that the name of the unit decides; check the unit of an instance: systemctl cat NAME | inaddr bind check --format systemd --file -',
    ]);
  });

  it('may listen on what is no socket address', () => {
    const others = ['FIFO=/x', 'Special=/dev/x', 'Netlink=audit 1', 'MessageQueue=/x', 'USBFunction=/x'];
    expect(shortly(readSystemd(`[Socket]\n${others.map((each) => `Listen${each}`).join('\n')}`))).toEqual([]);
  });

  it.each([
    ['sctp', ['3:1 note NOT_READ']],
    ['udplite', ['3:1 note NOT_READ']],
    // It has the ports of TCP.
    ['mptcp', ['2:14 - 80', '4:14 - /x']],
    ['', ['2:14 - 80', '4:14 - /x']],
    ['sctp\nSocketProtocol=', ['2:14 - 80', '5:14 - /x']],
  ])('with SocketProtocol=%s', (protocol, expected) => {
    const text = `[Socket]\nListenStream=80\nSocketProtocol=${protocol}\nListenStream=/x`;
    expect(shortly(readSystemd(text))).toEqual(expected);
  });

  it('are noted where they bind to a device', () => {
    expect(shortly(readSystemd('[Socket]\nListenStream=80\nBindToDevice=eth0'))).toEqual([
      '2:14 - 80',
      '3:1 note BIND_TO_DEVICE',
    ]);
  });

  it.each([
    ['[Socket]\nListenStream 80', '2:1 bad: "ListenStream 80" is no assignment; write Key=value'],
    ['ListenStream=80', '1:1 bad: an assignment before any section; begin with [Socket]'],
    ['[Socket]\n ListenStreams=80', '2:2 bad: there is no ListenStreams; write ListenStream or ListenDatagram'],
    ['[Socket]\nBindIPv6Only=yes', '2:1 bad: BindIPv6Only is "yes"; write default, both or ipv6-only'],
  ])('complain of %j', (text, expected) => {
    expect(shortly(readSystemd(text))).toEqual([expected]);
  });

  it('are read or complained of, whatever the text', () => {
    const unit = fc.constantFrom(...'a=%\\#;[]\r\n /:', '[Socket]\n', 'ListenStream=', 'BindIPv6Only=');
    fc.assert(fc.property(fc.string({ unit }), (text) => void readSystemd(text)));
    const text = '[Socket]\nListenStream=80\nListenDatagram=%t/x \\\n y\nBacklog=5\n';
    fc.assert(fc.property(fc.nat(5000), (seed) => void readSystemd(damaged(text, seed))));
  });
});
