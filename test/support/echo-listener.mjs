// A listener of the built package that echoes, in a process of its own. Told over IPC what to do: 'stats', 'close'.

import { pipeline } from 'node:stream/promises';

const { listen } = await import(new URL('../../dist/tcp/index.js', import.meta.url).href);

/** The worst errors of handlers, by code: ends of connections are expected, everything else is not. */
const errors = {};
const listener = await listen(
  { host: '127.0.0.1', port: 0, allowEphemeral: true, backlog: 4096 },
  ({ socket }) => pipeline(socket, socket),
  {
    onError(error) {
      const code = error.code ?? String(error);
      errors[code] = (errors[code] ?? 0) + 1;
    },
  },
);
const before = process.memoryUsage.rss();

process.on('message', async (asked) => {
  if (asked === 'close') await listener.close({ graceMs: 10_000 });
  const peak = process.resourceUsage().maxRSS * 1024;
  process.send({ asked, stats: listener.stats(), errors, megabytes: Math.round((peak - before) / 1e6) });
  if (asked === 'close') process.disconnect();
});
process.send({ port: listener.addresses[0].port });
