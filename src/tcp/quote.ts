const LONGEST_QUOTE = 60;

/** An input for a message: a text quoted and cut, all but printable ASCII escaped. */
export function quote(input: unknown): string {
  if (typeof input === 'string') {
    const cut = input.length > LONGEST_QUOTE ? `${input.slice(0, LONGEST_QUOTE)}…` : input;
    return JSON.stringify(cut).replace(/[^ -~…]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  }
  return typeof input === 'number' || typeof input === 'boolean' || input == null ? String(input) : typeof input;
}
