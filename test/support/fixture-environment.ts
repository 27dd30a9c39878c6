import { readFileSync } from 'node:fs';
import { readEnvironmentJson } from '../../src/cli/bind-environment.js';
import type { BindEnvironment } from '../../src/socket/index.js';

/** The file of a machine with the addresses 10.0.0.7, 192.0.2.7 and 2001:db8::7. */
export const ENVIRONMENT_FILE = 'fixtures/binds/environment.json';

const TEXT = readFileSync(new URL(`../../${ENVIRONMENT_FILE}`, import.meta.url), 'utf8');

/** That machine. */
export const ENVIRONMENT: BindEnvironment = readEnvironmentJson(TEXT, ENVIRONMENT_FILE);
