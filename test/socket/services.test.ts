import { expect, it } from 'vitest';
import { serviceOf } from '../../src/socket/services.js';

it.each([
  [6379, 'Redis'],
  [5432, 'PostgreSQL'],
  [3306, 'MySQL'],
  [27017, 'MongoDB'],
  [9200, 'Elasticsearch or OpenSearch'],
  [11211, 'memcached'],
  [2375, 'the Docker API'],
  [11434, 'Ollama'],
  [9229, 'the Node.js inspector'],
])('%i is %s', (port, name) => {
  expect(serviceOf(port, 'tcp')?.name).toBe(name);
});

it.each([80, 443, 22, 53, 25, 8080, 3000, 0, 6378, 6380])('%i is nothing to keep inside', (port) => {
  expect(serviceOf(port, 'tcp')).toBeNull();
  expect(serviceOf(port, 'udp')).toBeNull();
});

it('tells TCP from UDP', () => {
  expect(serviceOf(11211, 'udp')?.name).toBe('memcached');
  expect(serviceOf(161, 'udp')?.name).toBe('SNMP');
  expect(serviceOf(161, 'tcp')).toBeNull();
  expect(serviceOf(6379, 'udp')).toBeNull();
});
