import type { Bind, BindEnvironment } from '../socket/index.js';
import { AF_INET, AF_UNIX, validateBind } from '../socket/index.js';
import type { Draft, Trouble, Where } from './bind-drafts.js';
import { hasFields } from './bind-drafts.js';

/** A bind that was made of a draft. */
export interface Made extends Draft {
  readonly bind: Bind;
  /** What files call it: several servers may share a socket. */
  readonly names: Set<string>;
}

/** The binds of drafts: one for each socket that their programs open. What is no bind is told to `troubles`. */
export function makeBinds(drafts: readonly Draft[], environment: BindEnvironment, troubles: Trouble[]): Made[] {
  const made: Made[] = [];
  for (const draft of drafts) {
    for (const fields of namedAddresses(draft, environment)) {
      const result = validateBind(fields);
      if (result.success) made.push({ ...draft, bind: result.data, names: new Set([draft.found.name ?? '']) });
      else {
        for (const { path, message } of result.issues) {
          const said = hasFields(draft) ? message : message.replace(', or fields with allowEphemeral: true', '');
          troubles.push({ where: whereOfKey(draft, path[0]), message: `${subject(draft)}${keyText(path)}${said}` });
        }
      }
    }
  }
  return fewestOfAPort(shareSockets(made), troubles);
}

/** The fields with each address of their name that is bound, for programs that do it otherwise than Node. */
function namedAddresses({ format, fields }: Draft, { names }: BindEnvironment): readonly unknown[] {
  const { host } = (fields ?? {}) as Readonly<Record<string, unknown>>;
  const all = format.names !== 'first' && typeof host === 'string' ? (names.get(host) ?? []) : [];
  const bound = format.names === 'every' ? all : all.filter(({ family }) => family === 4).slice(0, 1);
  return bound.length === 0 ? [fields] : bound.map((address) => ({ ...(fields as object), host: String(address) }));
}

function whereOfKey({ where, found: { source } }: Draft, key: string | undefined): Where {
  const place = source.kind === 'fields' && key !== undefined ? source.places.get(key) : undefined;
  return place === undefined ? where : { ...where, line: place.line, column: place.column };
}

function subject({ found: { name } }: Draft): string {
  return name === null ? '' : `${name}: `;
}

function keyText(path: readonly string[]): string {
  return path.length === 0 ? '' : `${path.join('.')}: `;
}

/**
 * nginx opens one socket for equal binds of all its servers, and none for an address whose port it has for every address of
 * the family, unless a parameter asks for one.
 */
function shareSockets(made: readonly Made[]): Made[] {
  const sockets = new Map<string, Made>();
  for (const [index, one] of made.entries()) {
    const key = one.format.shares ? keyOf(one.bind) : `#${index}`;
    const same = sockets.get(key);
    for (const name of same === undefined ? [] : one.names) same?.names.add(name);
    if (same === undefined) sockets.set(key, one);
    // Its parameters are those of the socket.
    else if (one.found.separate)
      sockets.set(key, { ...same, bind: one.bind, found: { ...same.found, separate: true } });
  }
  return [...sockets.values()].filter(({ format, found, bind }) => {
    if (!format.shares || found.separate || bind.family === AF_UNIX) return true;
    const all = keyOf({ ...bind, host: bind.family === AF_INET ? '0.0.0.0' : '::' });
    return all === keyOf(bind) || !sockets.has(all);
  });
}

function keyOf(bind: Bind): string {
  return bind.family === AF_UNIX ? bind.path : `${bind.type} ${bind.port} ${bind.host}`;
}

/** A report of n binds of a port has n * n conflicts. */
const MOST_OF_A_PORT = 100;

function fewestOfAPort(made: readonly Made[], troubles: Trouble[]): Made[] {
  const counts = new Map<string, number>();
  return made.filter(({ where, bind }) => {
    const key = bind.family === AF_UNIX ? bind.path : `${bind.type} ${bind.port}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count === MOST_OF_A_PORT + 1) {
      const what = bind.family === AF_UNIX ? 'that path' : `port ${bind.port}`;
      troubles.push({ where, message: `more than ${MOST_OF_A_PORT} binds of ${what}; check them in parts` });
    }
    return count <= MOST_OF_A_PORT;
  });
}

/** What files call a socket, as one text; null for nothing. */
export function namesText(names: ReadonlySet<string>): string | null {
  const texts = [...names].filter((name) => name !== '');
  if (texts.length === 0) return null;
  return texts.length > 3 ? `${texts.slice(0, 2).join(', ')} and ${texts.length - 2} more` : texts.join(', ');
}
