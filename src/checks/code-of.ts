/** The `code` of what somebody else's code has thrown; undefined where there is none, or a getter that throws. */
export function codeOf(error: unknown): unknown {
  try {
    return (error as { readonly code?: unknown } | null | undefined)?.code;
  } catch {
    return undefined;
  }
}
