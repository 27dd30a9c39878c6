import { execFileSync, spawnSync } from 'node:child_process';
import type { TcpState } from '../../src/tcp/index.js';

/** A line of `ss -tan` or `ss -uan`. */
export interface SsLine {
  readonly state: string;
  readonly receiveQueue: number;
  readonly sendQueue: number;
  readonly local: string;
  readonly remote: string;
  /** With -p: who has it open. */
  readonly pids: readonly number[];
}

/** How ss writes our states. */
export const SS_STATES: Readonly<Record<TcpState | 'UNCONNECTED' | 'CONNECTED', string>> = {
  CLOSED: 'UNCONN',
  LISTEN: 'LISTEN',
  'SYN-SENT': 'SYN-SENT',
  'SYN-RECEIVED': 'SYN-RECV',
  ESTABLISHED: 'ESTAB',
  'FIN-WAIT-1': 'FIN-WAIT-1',
  'FIN-WAIT-2': 'FIN-WAIT-2',
  'CLOSE-WAIT': 'CLOSE-WAIT',
  CLOSING: 'CLOSING',
  'LAST-ACK': 'LAST-ACK',
  'TIME-WAIT': 'TIME-WAIT',
  UNCONNECTED: 'UNCONN',
  CONNECTED: 'ESTAB',
};

/** Why ss can't be asked; null: it can. */
export const NO_SS: string | null =
  spawnSync('ss', ['-V']).error === undefined ? null : 'there is no ss on this machine';

export function ss(...args: string[]): string {
  return execFileSync('ss', args, { encoding: 'utf8' });
}

export function parseSs(text: string): SsLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [state = '', receiveQueue, sendQueue, local = '', remote = '', ...rest] = line.trim().split(/ +/);
      const pids = [...rest.join(' ').matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid));
      return { state, receiveQueue: Number(receiveQueue), sendQueue: Number(sendQueue), local, remote, pids };
    });
}

/** An address and a port as ss writes them, but for what /proc/net does not tell: zones, and `*` for a dual-stack `::`. */
export function ssEndpoint(text: string): string {
  return text.replace(/%[^:]*/, '').replace(/^\*:/, '[::]:');
}
