import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** A self-signed certificate for names, `*.example.test` too, made by openssl; null, with a printed reason, where there is none. */
export function selfSigned(dir: string, names: readonly string[]): Certificate | null {
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const { status, error, stderr } = spawnSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
      .concat(['-subj', '/CN=inaddr test', '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`])
      .concat(['-keyout', key, '-out', cert]),
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    process.stdout.write(`tests of https are skipped: openssl made no certificate: ${error?.message ?? stderr}\n`);
    return null;
  }
  return { key: readFileSync(key), cert: readFileSync(cert) };
}
