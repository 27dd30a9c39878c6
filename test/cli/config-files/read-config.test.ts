import { describe, expect, it } from 'vitest';
import { FORMAT_NAMES, FORMATS } from '../../../src/cli/config-files/formats.js';
import { readConfig } from '../../../src/cli/config-files/read-config.js';
import { shortly } from './reading.js';

describe('readConfig', () => {
  it('looks into YAML files for what they are', () => {
    const formatOf = (text: string) => readConfig(text, 'yaml', false).format.name;
    expect(formatOf('services: {a: {ports: []}}')).toBe('compose');
    expect(formatOf('services: 1\nbinds: []')).toBe('inaddr');
    expect(formatOf('binds: []')).toBe('inaddr');
    expect(formatOf('')).toBe('inaddr');
    expect(readConfig('services: {}', 'inaddr', false).format.name).toBe('inaddr');
  });

  it('holds JSON to JSON', () => {
    expect(shortly(readConfig('{"binds": ["a:1"]}', 'yaml', true).reading)).toEqual(['1:12 - a:1']);
    // Where in the file depends on the version of Node.
    expect(
      shortly(readConfig('{"binds": ["a:1",]}', 'yaml', true).reading).map((line) => line.replace(/^1:\d+/, '')),
    ).toEqual([' bad: no JSON; mend it, or name the file .yaml where YAML is meant']);
    expect(shortly(readConfig('binds: []', 'yaml', true).reading)).toEqual([
      '1:1 bad: no JSON; mend it, or name the file .yaml where YAML is meant',
    ]);
  });

  it('says what is wrong with a word that is as long as the file, without repeating it', () => {
    const { complaints } = readConfig(`${'serv'.repeat(100_000)}`, 'nginx', false).reading;
    expect(complaints).toHaveLength(1);
    expect(complaints[0]?.message).toMatch(/^"servserv.{370,390}servserv" has no end$/);
  });

  it('has a reader for each format', () => {
    for (const name of FORMAT_NAMES) {
      expect(FORMATS[name].name).toBe(name);
      expect(readConfig('', name, false).format).toBe(FORMATS[name]);
    }
  });
});
