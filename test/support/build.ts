import { execFileSync } from 'node:child_process';

/** Builds the package before the tests that run it as its users do: as a command, and from `dist`. */
export default function build(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
