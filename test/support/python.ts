import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Why there is no python3 here, or null when there is one. */
export function whyNoPython(): string | null {
  const { error, status } = spawnSync('python3', ['--version']);
  if (error !== undefined) return `python3 does not run here: ${error.message}`;
  return status === 0 ? null : `python3 --version exits with ${status}`;
}

/** What a script of test/support prints as JSON for a value that it reads as JSON. */
export function askPython(script: string, question: unknown): unknown {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return JSON.parse(execFileSync('python3', [path], { input: JSON.stringify(question), encoding: 'utf8' }));
}
