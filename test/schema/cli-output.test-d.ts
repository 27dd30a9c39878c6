import { describe, expectTypeOf, it } from 'vitest';
import type { DnsErrorCode, VerifiedName } from '../../src/dns/index.js';
import type { Classification, PrefixClassification } from '../../src/ip/index.js';
import type { CliOutput } from '../../src/schema/index.js';
import type {
  Exposure,
  InterfaceAddress,
  Occupancy,
  PathState,
  PredictionCode,
  Reach,
} from '../../src/socket/index.js';
import type { OpenSocket, SocketExposure, TcpStateInfo } from '../../src/tcp/index.js';

/** What JSON has of a type, with nothing read-only about it. */
type Plain<T> = T extends readonly (infer E)[]
  ? Plain<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Plain<T[K]> }
    : T;

describe('types of what the command line prints', () => {
  it('are those of the library', () => {
    expectTypeOf<Plain<Classification>>().toExtend<CliOutput['classify']>();
    expectTypeOf<Omit<CliOutput['classify'], 'file' | 'line' | 'column'>['kind']>().toEqualTypeOf<
      Classification['kind']
    >();
    expectTypeOf<CliOutput['classify']['scope']>().toEqualTypeOf<Classification['scope']>();
    expectTypeOf<CliOutput['classify']>().toExtend<Classification>();
    expectTypeOf<CliOutput['prefix info']>().toExtend<PrefixClassification>();
    expectTypeOf<CliOutput['sockets']>().toExtend<OpenSocket & { exposure: SocketExposure | null }>();
    expectTypeOf<Plain<OpenSocket> & { exposure: SocketExposure | null }>().toExtend<CliOutput['sockets']>();
    expectTypeOf<Plain<TcpStateInfo>>().toExtend<CliOutput['sockets --states']>();
  });

  it('have the words of the library', () => {
    type Bind = Extract<CliOutput['bind check'], { type: 'bind' }>;
    expectTypeOf<Bind['predicted']['code']>().toEqualTypeOf<PredictionCode>();
    expectTypeOf<NonNullable<Bind['bind']['expose']>>().toEqualTypeOf<Reach>();
    expectTypeOf<Bind['occupies']>().toExtend<Occupancy>();
    expectTypeOf<Plain<Occupancy>>().toExtend<Bind['occupies']>();
    expectTypeOf<Bind['exposure']>().toExtend<Exposure>();
    type Environment = CliOutput['bind environment'];
    expectTypeOf<Environment['paths'][string]>().toEqualTypeOf<PathState>();
    expectTypeOf<Environment['interfaces'][string][number]>().toExtend<InterfaceAddress>();
    type Failure = Extract<CliOutput['resolve'], { message: string }>;
    expectTypeOf<Failure['error']>().toEqualTypeOf<DnsErrorCode>();
    type Verified = Extract<CliOutput['resolve --verify'], { names: unknown }>;
    expectTypeOf<Verified['names'][number]>().toEqualTypeOf<Plain<VerifiedName>>();
  });
});
