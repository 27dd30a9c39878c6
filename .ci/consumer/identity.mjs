// Run in a project that has installed the package, with its entry points as arguments: what two of them export under one
// name is one value, whether imported or required.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const modules = new Map();
for (const entry of process.argv.slice(2)) modules.set(entry, await import(entry));

const owners = new Map();
for (const [entry, exports] of modules) {
  for (const [name, value] of Object.entries(exports)) {
    const first = owners.get(name) ?? { entry, value };
    owners.set(name, first);
    assert.equal(value, first.value, `${name} of ${entry} is not that of ${first.entry}`);
    assert.equal(value, require(entry)[name], `${name} of ${entry} is another one when required`);
  }
}

const { IPv4Address } = modules.get('inaddr/ip');
assert.equal(modules.get('inaddr').IPv4Address, IPv4Address, 'IPv4Address of inaddr is not that of inaddr/ip');

const { addressSchema } = modules.get('inaddr/schema') ?? {};
if (addressSchema !== undefined) {
  assert.ok(addressSchema.parse('192.0.2.1') instanceof IPv4Address, 'addressSchema makes another IPv4Address');
}
const { fromIpAddress } = modules.get('inaddr/interop') ?? {};
if (fromIpAddress !== undefined) {
  const { Address4 } = await import('ip-address');
  assert.ok(fromIpAddress(new Address4('192.0.2.1')) instanceof IPv4Address, 'fromIpAddress makes another IPv4Address');
}
