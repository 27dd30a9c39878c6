/** How often each branch ran, by its number; `instrument.mjs` writes what counts. */
export const hits = new Uint8Array(1 << 16);
