import { assertType, expectTypeOf, test } from 'vitest';
import type {
  BindEnvironment,
  BindPlan,
  BindWarningCode,
  PlannedBind,
  PredictionCode,
} from '../../src/socket/index.js';
import { createBind, planBinds, readEnvironment } from '../../src/socket/index.js';

test('planBinds', async () => {
  const environment = await readEnvironment({ names: ['localhost'], paths: undefined });
  expectTypeOf(environment).toEqualTypeOf<BindEnvironment>();
  const plan = planBinds([createBind('127.0.0.1:80'), createBind({ path: '/run/x' })], environment);
  expectTypeOf(plan).toEqualTypeOf<BindPlan>();
  const [planned] = plan.binds;
  expectTypeOf(planned).toEqualTypeOf<PlannedBind | undefined>();
  if (planned?.occupies.kind === 'inet') expectTypeOf(planned.occupies.ipv4).toEqualTypeOf<string | null>();
  if (planned !== undefined && 'unix' in planned.exposure) expectTypeOf(planned.exposure.unix).toEqualTypeOf<string>();
  assertType<PredictionCode>('EADDRNOTAVAIL');
  assertType<BindWarningCode>('WILDCARD');
  // @ts-expect-error a misspelt code
  assertType<BindWarningCode>('WILDCARDS');
  // @ts-expect-error text is no bind
  planBinds(['127.0.0.1:80'], environment);
  // @ts-expect-error an environment has no `ipv6`
  planBinds([], { ...environment, ipv6: true });
});

test('of findings nothing can be changed', () => {
  const plan = planBinds([], {} as BindEnvironment);
  // @ts-expect-error readonly
  plan.conflicts = [];
  expectTypeOf(plan.shadows[0]?.verdict).toEqualTypeOf<'conflict' | 'unknown' | 'shadow' | undefined>();
});
