import type { TLSSocket } from 'node:tls';
import { ConnectError } from './connect-error.js';

/**
 * Bounds a TLS handshake that has begun by what is left of a time limit: when that is over, the stream ends with a `ConnectError`. No timer is
 * left when the handshake is done, or the stream is closed before.
 *
 * @param startMs when the time began, as `performance.now()` has it
 */
export function limitHandshake(stream: TLSSocket, target: string, timeoutMs: number, startMs: number): void {
  const left = Math.max(0, timeoutMs - (performance.now() - startMs));
  const timer = setTimeout(() => stream.destroy(late(target, timeoutMs)), left);
  const end = () => {
    clearTimeout(timer);
    stream.off('secureConnect', end);
    stream.off('close', end);
  };
  stream.on('secureConnect', end);
  stream.on('close', end);
}

function late(target: string, timeoutMs: number): ConnectError {
  const problem = `connected, but no TLS handshake in ${timeoutMs} ms`;
  return new ConnectError(target, { code: 'TIMEOUT', problem, hint: 'check that the port speaks TLS' });
}
