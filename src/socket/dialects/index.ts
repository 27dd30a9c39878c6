import { quote } from '../../checks/quote.js';
import { COMPOSE } from './compose.js';
import type { Dialect } from './dialect.js';
import { GO } from './go.js';
import { INADDR } from './inaddr.js';
import { NGINX } from './nginx.js';
import { POSTGRES } from './postgres.js';
import { REDIS } from './redis.js';
import { SYSTEMD } from './systemd.js';

/** How endpoint text is read and written: as this package does, or as a program does. */
export type EndpointDialect = 'inaddr' | 'go' | 'nginx' | 'systemd' | 'redis' | 'postgres' | 'compose';

/** The dialect of a name. Throws for a name that is none, with the option that it was given as. */
export function dialectOf(name: EndpointDialect, option: string): Dialect {
  if (typeof name === 'string' && Object.hasOwn(DIALECTS, name)) return DIALECTS[name];
  const names = Object.keys(DIALECTS).map((one) => `'${one}'`);
  throw new TypeError(`${option} is ${quote(name)}: write ${names.join(' or ')}`);
}

const DIALECTS: Readonly<Record<EndpointDialect, Dialect>> = {
  inaddr: INADDR,
  go: GO,
  nginx: NGINX,
  systemd: SYSTEMD,
  redis: REDIS,
  postgres: POSTGRES,
  compose: COMPOSE,
};
