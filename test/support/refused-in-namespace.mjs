// Run in a network namespace of its own, where ports below 9000 are privileged, as a process without that privilege, with an interface
// that has 192.0.2.1: what `listen` and `connect` of the built package say to what this kernel refuses. Prints JSON.

const { connect, listen } = await import(new URL('../../dist/tcp/index.js', import.meta.url).href);

const told = ({ code, explanation, hint }) => ({ code, explanation, hint });

async function listenAt(port) {
  const listener = await listen({ host: '127.0.0.1', port });
  await listener.close();
  return 'open';
}

const [low, high] = await Promise.all([8080, 9000].map((port) => listenAt(port).catch(told)));
const from = (localAddress) => connect('192.0.2.2:80', { localAddress, timeoutMs: 5000 }).then(() => 'connected', told);

process.stdout.write(JSON.stringify({ low, high, loopback: await from('127.0.0.1') }));
