import { describe, expect, it } from 'vitest';
import { formatOfName } from '../../../src/cli/config-files/formats.js';

describe('formatOfName', () => {
  it.each([
    ['compose.yaml', 'compose'],
    ['a/docker-compose.yml', 'compose'],
    ['docker-compose.prod.yml', 'compose'],
    ['compose.override.yaml', 'compose'],
    ['decompose.yaml', 'yaml'],
    ['services.yaml', 'yaml'],
    ['BINDS.YML', 'yaml'],
    ['binds.json', 'yaml'],
    ['web.socket', 'systemd'],
    ['/etc/systemd/system/web.socket.d/override.conf', 'systemd'],
    ['.env', 'env'],
    ['a/.env.local', 'env'],
    ['prod.env', 'env'],
    ['C:\\app\\.env', 'env'],
    ['nginx.conf', 'nginx'],
    ['/etc/nginx/conf.d/x.conf', 'nginx'],
    ['/etc/nginx/sites-enabled/default', 'nginx'],
    ['site.nginx', 'nginx'],
    ['redis.conf', 'redis'],
    ['/etc/redis/6379.conf', 'redis'],
    ['valkey.conf', 'redis'],
    ['postgresql.conf', 'postgres'],
    ['postgresql.auto.conf', 'postgres'],
    ['other.conf', null],
    ['env', null],
    ['yaml', null],
    ['socket', null],
    ['-', null],
    ['', null],
  ])('%s is %s', (path, expected) => {
    expect(formatOfName(path)).toBe(expected);
  });
});
