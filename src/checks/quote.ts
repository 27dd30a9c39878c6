const LONGEST_QUOTE = 60;

/**
 * A value for a message: text in quotes and cut to 60 characters, or to `longest`, all but printable ASCII escaped, so that a message can't move
 * a cursor or show one character for another; of an object only what it is.
 */
export function quote(value: unknown, longest = LONGEST_QUOTE): string {
  switch (typeof value) {
    case 'string': {
      const cut = value.length > longest ? `${value.slice(0, longest)}…` : value;
      return `"${cut.replace(/["\\]|[^ -~…]/g, escapeCharacter)}"`;
    }
    case 'number':
      return Object.is(value, -0) ? '-0' : `${value}`;
    case 'bigint': {
      const digits = `${value}`;
      return digits.length > LONGEST_QUOTE ? 'a bigint' : `${digits}n`;
    }
    case 'boolean':
    case 'undefined':
      return `${value}`;
    case 'object':
      return value === null ? 'null' : isList(value) ? 'a list' : 'an object';
    default:
      return `a ${typeof value}`;
  }
}

/** A text for a hint that says to write it: as it is where it is short and printable, else quoted and cut. */
export function shown(text: string, longest = LONGEST_QUOTE): string {
  return text.length <= longest && /^[!-~]+$/.test(text) ? text : quote(text, longest);
}

/** An address or a host for a message: a name has 253 characters at the most, but a zone may have any number. */
export function shownAddress(address: { toString(): string }): string {
  return shown(address.toString(), 300);
}

/** A text without quotes of its own for a message: all but printable ASCII escaped. */
export function printable(text: string): string {
  return text.replace(/[^ -~…]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}

/** `Array.isArray` throws for a revoked proxy. */
function isList(value: object): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}
