import type { Plugin } from 'esbuild';

export function instrument(options: { readonly src: string; readonly hits: string }): {
  readonly plugin: Plugin;
  counters(): number;
};
export function count(code: string, number: () => number): string;
