// Loaded into the command with --import: writes its peak resident set size, in bytes, to file descriptor 3 when it ends.
import { existsSync, readFileSync, writeSync } from 'node:fs';

process.on('exit', () => {
  // On Linux maxRSS begins with what the parent had when it forked; VmHWM does not.
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  writeSync(3, String(Number(kilobytes) * 1024));
});
