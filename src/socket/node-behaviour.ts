/** Where versions of Node differ about the same bind. Measured on Linux with 20.20, 22.23, 24.21 and 26.10. */
export interface NodeBehaviour {
  /** Whether `reusePort` reaches the kernel. */
  readonly reusePort: 'honoured' | 'ignored' | 'unknown';
  /** What becomes of a unix path of more than 108 bytes. */
  readonly longPath: 'cut' | 'refused' | 'unknown';
  /** Whether an abstract name is filled up with NUL to 108 bytes: another name than the one that was written. */
  readonly abstractName: 'padded' | 'exact' | 'unknown';
}

const UNKNOWN: NodeBehaviour = { reusePort: 'unknown', longPath: 'unknown', abstractName: 'unknown' };
const WITH_REUSE_PORT: NodeBehaviour = { reusePort: 'honoured', longPath: 'refused', abstractName: 'exact' };

const MEASURED: Readonly<Record<string, NodeBehaviour>> = {
  20: { reusePort: 'ignored', longPath: 'cut', abstractName: 'padded' },
  22: { reusePort: 'honoured', longPath: 'cut', abstractName: 'exact' },
  24: WITH_REUSE_PORT,
  26: WITH_REUSE_PORT,
};

/** What a version of Node does: of one that was not measured nothing is known. */
export function nodeBehaviour(version: string): NodeBehaviour {
  const [, major = '', minor = ''] = /^v?(\d+)\.(\d+)\./.exec(version) ?? [];
  const behaviour = Object.hasOwn(MEASURED, major) ? MEASURED[major] : undefined;
  if (behaviour === undefined) return UNKNOWN;
  // reusePort came with 22.12; 20 never had it.
  return major === '22' && Number(minor) < 12 ? { ...behaviour, reusePort: 'ignored' } : behaviour;
}
