import type { HeldPort, OpenSocket } from '../tcp/index.js';
import { heldPorts, openSockets, ProcNetError } from '../tcp/index.js';
import type { BindCheck, Finding } from './bind-check.js';
import { inReportOrder } from './bind-check.js';
import { CliError } from './exit.js';

/**
 * What this machine has open.
 *
 * @throws {CliError} where it does not tell
 */
export async function readSockets(): Promise<OpenSocket[]> {
  try {
    return await openSockets();
  } catch (error) {
    // The last half of its hint is an option of the function.
    if (error instanceof ProcNetError)
      throw new CliError('--live', error.message.replace(/, or [^,]*\{proc: '[^']*'\}$/, ''));
    throw error;
  }
}

/** A check with what is in the way of its binds now. */
export function withHolders(check: BindCheck, sockets: readonly OpenSocket[]): BindCheck {
  const { binds, findings } = check;
  const held = heldPorts({ binds: binds.map(({ plan }) => plan) }, sockets).flatMap((one) => {
    const where = binds[one.bind]?.where;
    return where === undefined ? [] : [finding(one, where)];
  });
  // The workers of a server are one in the way as good as ten.
  const distinct = new Map(held.map((one) => [JSON.stringify([one.bind, one.message]), one]));
  return { ...check, findings: inReportOrder([...findings, ...distinct.values()]) };
}

function finding({ bind, verdict, socket, reason: message }: HeldPort, where: Finding['where']): Finding {
  const unix = socket.protocol === 'unix';
  return {
    kind: verdict === 'conflict' ? 'conflict' : 'maybe',
    code: unix ? 'PATH_HELD' : 'PORT_HELD',
    where,
    bind,
    other: null,
    message,
    hint: `end what holds it, or write another ${unix ? 'path' : 'port'}; if it is the server itself, all is well`,
  };
}
