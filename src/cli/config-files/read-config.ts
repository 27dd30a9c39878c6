import { readBindList } from './bind-list.js';
import { readCompose } from './compose.js';
import { readEnv } from './env.js';
import type { Format, FormatName } from './formats.js';
import { FORMATS } from './formats.js';
import type { Reader, Reading } from './found.js';
import { Findings, Places } from './found.js';
import { readNginx } from './nginx.js';
import { readPostgres } from './postgres.js';
import { readRedis } from './redis.js';
import { readSystemd } from './systemd.js';
import { readYaml } from './yaml-tree.js';

const READERS: Readonly<Record<FormatName, Reader>> = {
  inaddr: readBindList,
  compose: readCompose,
  nginx: readNginx,
  systemd: readSystemd,
  env: readEnv,
  redis: readRedis,
  postgres: readPostgres,
};

/** What a file says, and in which format it is. */
export interface FileReading {
  readonly format: Format;
  readonly reading: Reading;
}

/** Reads the text of a file. `json` holds it to JSON where YAML would do. */
export function readConfig(text: string, format: FormatName | 'yaml', json: boolean): FileReading {
  const { format: found, reading } =
    format === 'yaml' ? readYamlOrCompose(text) : { format: FORMATS[format], reading: READERS[format](text) };
  const bad = json && reading.complaints.length === 0 ? notJson(text) : null;
  return { format: found, reading: bad ?? reading };
}

/** `services:` makes a compose file, unless there are `binds:`, too. */
function readYamlOrCompose(text: string): FileReading {
  const { roots } = readYaml(text);
  const isCompose = roots.some(
    (root) => root.kind === 'map' && root.entries.has('services') && !root.entries.has('binds'),
  );
  const format = isCompose ? FORMATS.compose : FORMATS.inaddr;
  return { format, reading: READERS[format.name](text) };
}

function notJson(text: string): Reading | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const findings = new Findings();
    // The message of V8 differs from version to version, but for this.
    const offset = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    findings.complain(
      new Places(text).at(Number(offset ?? 0)),
      'no JSON',
      'mend it, or name the file .yaml where YAML is meant',
    );
    return findings;
  }
}
