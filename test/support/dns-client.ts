import { createSocket, type RemoteInfo } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import * as dnsPacket from 'dns-packet';

/** Clients of a DNS server on loopback: Node's, and sockets that see every octet. */

export interface Server {
  readonly address: string;
  readonly port: number;
}

/** Node's own resolver, which asks this server and no other. */
export function nodeResolver(server: Server, options: { timeout?: number; tries?: number } = {}): Resolver {
  const resolver = new Resolver({ timeout: 2000, tries: 1, ...options });
  resolver.setServers([server.address]);
  return resolver;
}

/** The code of the error that a promise is rejected with, or what it is fulfilled with. */
export async function outcome(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error.code;
    throw error;
  }
}

/** The octets of a question. dns-packet's types know no number for a type: `UNKNOWN_65` is one all the same. */
export function question(name: string, type: string, id = 1, more: dnsPacket.Packet = {}): Buffer {
  const flags = dnsPacket.RECURSION_DESIRED;
  return dnsPacket.encode({ type: 'query', id, flags, questions: [{ name, type: type as 'A' }], ...more });
}

/** A message with the rcode that dns-packet's types leave out. */
export type Decoded = dnsPacket.DecodedPacket & { readonly rcode: string };

export function decode(message: Buffer): Decoded {
  return dnsPacket.decode(message) as Decoded;
}

/** Sends datagrams in their order, and waits for as many replies as are wanted. */
export async function askUdp(server: Server, messages: readonly Buffer[], wanted = messages.length) {
  const socket = createSocket(server.address.startsWith('[') ? 'udp6' : 'udp4');
  const replies: { message: Buffer; from: RemoteInfo }[] = [];
  const enough = new Promise<void>((resolve) => {
    socket.on('message', (message, from) => {
      replies.push({ message, from });
      if (replies.length >= wanted) resolve();
    });
  });
  for (const message of messages) socket.send(message, server.port, hostOf(server));
  await enough;
  socket.close();
  await once(socket, 'close');
  return replies;
}

/** What one question over UDP is answered with. */
export async function askOneUdp(server: Server, message: Buffer): Promise<Decoded> {
  const [reply] = await askUdp(server, [message]);
  if (reply === undefined) throw new Error('no reply');
  return decode(reply.message);
}

export async function openTcp(server: Server): Promise<Socket> {
  const socket = connect(server.port, hostOf(server));
  await once(socket, 'connect');
  return socket;
}

/** Everything that comes over a connection until the server ends it, or the code of the error that ends it. */
export async function readAll(socket: Socket): Promise<{ octets: Buffer; error: unknown }> {
  const chunks: Buffer[] = [];
  let error: unknown = null;
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', (reason: NodeJS.ErrnoException) => {
    error = reason.code;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return { octets: Buffer.concat(chunks), error };
}

/** Asks over one connection, whose writing side is closed after the questions, and reads until the server closes it. */
export async function askTcp(server: Server, messages: readonly Buffer[]): Promise<Decoded[]> {
  const socket = await openTcp(server);
  socket.end(Buffer.concat(messages.map(framed)));
  const { octets } = await readAll(socket);
  return unframed(octets).map(decode);
}

export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

function unframed(octets: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < octets.length; ) {
    const end = at + 2 + octets.readUInt16BE(at);
    messages.push(octets.subarray(at + 2, end));
    at = end;
  }
  return messages;
}

function hostOf({ address }: Server): string {
  return address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}
