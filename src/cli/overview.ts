/** What one can do, by what it is about: in 80 columns. */
const GROUPS: readonly (readonly [about: string, rows: readonly (readonly [command: string, says: string])[]])[] = [
  [
    'Addresses',
    [
      ['inaddr classify 10.1.2.3', 'what it is, and who can reach it'],
      ['inaddr classify --extract < access.log', 'the addresses of a log'],
      ['inaddr classify --summary < list.txt', 'how many of which kind'],
    ],
  ],
  [
    'Prefixes and tables',
    [
      ['inaddr prefix info 10.0.0.0/22', 'masks, hosts, blocks, zones'],
      ['inaddr prefix merge < prefixes.txt', 'the fewest; also split, contains'],
      ['inaddr match --table countries.csv 8.8.8.8', 'the longest prefix, and its value'],
    ],
  ],
  [
    'Names',
    [
      ['inaddr resolve example.com', 'its addresses, and what they are'],
      ['inaddr resolve example.com --policy global', 'fail when it leads inside'],
    ],
  ],
  [
    'Binds and sockets',
    [
      ['inaddr bind check 0.0.0.0:5432', 'who gets in, what fails'],
      ['inaddr bind check --file compose.yaml', 'the same of a config file'],
      ['inaddr sockets --exposed', 'who reaches what is open here'],
    ],
  ],
  [
    'To try',
    [
      ['inaddr tour', 'all of it, offline'],
      ['inaddr example echo-server', 'small servers and clients, to copy'],
    ],
  ],
];

const WIDTH = Math.max(...GROUPS.flatMap(([, rows]) => rows.map(([command]) => command.length)));

/** What `inaddr` alone prints. */
export function overview(): string {
  const groups = GROUPS.map(([about, rows]) =>
    [`${about}:`, ...rows.map(([command, says]) => `  ${command.padEnd(WIDTH)}  ${says}`)].join('\n'),
  );
  return `Usage: inaddr COMMAND [options] [arguments]

Knows what an address is before you bind it, resolve it or connect to it.

${groups.join('\n\n')}

\`inaddr help COMMAND\` says more, \`--json\` prints JSON lines, --version itself.
Exit codes: 0 all is well, 1 bad addresses or findings, 2 wrong usage or
unreadable input; \`inaddr resolve\` has more.
`;
}
