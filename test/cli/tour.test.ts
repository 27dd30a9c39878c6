import { describe, expect, it } from 'vitest';
import { printTour } from '../../src/examples/tour.js';
import { runCli, runShell } from '../support/run-cli.js';

describe('inaddr tour', () => {
  it('shows addresses, one of them in full, texts that are refused, names, and binds', async () => {
    const { stdout, stderr, code } = await runCli(['tour']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    for (const line of [
      /^What 25 addresses are/m,
      /^8\.8\.8\.8 +global +reachable +a public name server$/m,
      /^169\.254\.169\.254 +link-local +internal +the metadata service of a cloud +Link Local$/m,
      /^64:ff9b::10\.0\.0\.1 +translation +internal +a private host through NAT64 +nat64 10\.0\.0\.1, private$/m,
      /^ff02::fb +multicast +internal +multicast DNS over IPv6 +mDNSv6$/m,
      /^ {2}embeds +127\.0\.0\.1 \(mapped\), loopback, not globally reachable$/m,
      /^"010\.0\.0\.1" +8\.0\.0\.1 +8\.0\.0\.1 +LEADING_ZERO$/m,
      /^"127\.0\.0\.1\/8" +- +- +PREFIX_LENGTH$/m,
      /^example\.com +104\.18\.26\.120 +global, reachable, for 300 s$/m,
      /^example\.com +2606:4700::6812:1a78 +global, reachable, for 300 s$/m,
      /^"intranet\.example\.com" +BLOCKED +10\.0\.0\.7: not globally reachable;/m,
      /^"nobody\.example\.com" +NXDOMAIN +there is no such name;/m,
      /^"0x7f\.1" +BAD_NAME +last label is a number; .*127\.0\.0\.1/m,
      /^0\.0\.0\.0:6379 +anybody +- +ok +SERVICE_EXPOSED WILDCARD$/m,
      /^192\.0\.2\.1:25 +anybody +- +EADDRNOTAVAIL +PRIVILEGED_PORT$/m,
      /^203\.0\.113\.7:443 collides with \[::\]:443: write ipv6Only: true/m,
      /^The server got 8 questions, .* none for "0x7f\.1"\.$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
    expect(stdout).not.toContain('\x1b');
  });

  it('prints what the example returns', async () => {
    expect((await runCli(['tour'])).stdout).toBe(`${(await printTour((_, text) => text)).join('\n')}\n`);
  });

  it('fits a page: no line is longer than 160 characters', async () => {
    for (const line of await printTour((_, text) => text)) expect(line.length, line).toBeLessThanOrEqual(160);
  });

  it('leaves nothing open: it can be printed again, and the process ends by itself', async () => {
    const plain = (_: unknown, text: string) => text;
    expect(await Promise.all([printTour(plain), printTour(plain)])).toEqual(
      await Promise.all([printTour(plain), printTour(plain)]),
    );
  });

  it('has colours on request', async () => {
    expect((await runCli(['tour'], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\x1b[32m');
  });

  it('ends quietly in a closed pipe, and with a line on a full device', async () => {
    expect(await runShell('inaddr tour | head -n 1')).toMatchObject({ stderr: '', code: 0 });
    expect(await runShell('inaddr tour > /dev/full')).toEqual({
      stdout: '',
      stderr: 'inaddr: standard output: no space left on device\n',
      code: 2,
    });
  });
});
