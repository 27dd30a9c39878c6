// Run in a network namespace of its own, whose loopback has a name that no zone may have, and fe80::1: what `listen` of the built package
// says of a neighbour there. Prints JSON.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

const load = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const [{ listen }, { PrefixSet, RuleSet }] = await Promise.all([load('tcp/index.js'), load('ip/index.js')]);

// Node itself takes no such zone; Python takes the number.
const CLIENT = `
import socket
with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as peer:
    peer.connect(('fe80::1', 39000, 0, 1))
    print(peer.recv(100).decode(), end='')
`;

const rule = { action: 'allow', prefix: 'fe80::/10' };
const told = [];
for (const allow of [
  undefined,
  PrefixSet.from(['fe80::/10']),
  RuleSet.from([rule], { match: 'first', otherwise: 'deny' }),
]) {
  const listener = await listen(
    { host: '::', port: 39_000 },
    ({ socket, peer: { address, scopeId } }) => void socket.end(`${address} ${scopeId}`),
    { allow },
  );
  const client = spawn('python3', ['-c', CLIENT], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(client, 'close');
  let text = '';
  for await (const chunk of client.stdout.setEncoding('utf8')) text += chunk;
  await ended;
  told.push(text);
  await listener.close({ graceMs: 0 });
}
process.stdout.write(JSON.stringify(told));
