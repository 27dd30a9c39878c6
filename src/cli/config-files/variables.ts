/** A text with its variables replaced by their defaults. */
export interface Expanded {
  readonly text: string;
  /** Variables of which the default was taken. */
  readonly defaulted: readonly string[];
  /** A variable without a default; null when there is none. */
  readonly missing: string | null;
}

/** `$$`, `$NAME`, `${NAME}`, and `${NAME:-default}` with what may stand there: `-`, `?`, `+`, each with or without a colon. */
const VARIABLE =
  /\$(?:(?<dollar>\$)|(?<bare>[A-Za-z_]\w*)|\{(?<name>[A-Za-z_]\w*)(?:(?<operator>:?[-?+])(?<word>[^{}]*))?\})/g;

/** The variables of compose files and shells, where no environment is known: only their defaults are. */
export function expandVariables(text: string): Expanded {
  const defaulted: string[] = [];
  let missing: string | null = null;
  const expanded = text.replace(VARIABLE, (...match) => {
    const { dollar, bare, name = bare ?? '', operator, word = '' } = match.at(-1) as Record<string, string | undefined>;
    if (dollar !== undefined) return '$';
    if (operator === '-' || operator === ':-') {
      defaulted.push(name);
      return word;
    }
    missing ??= name;
    return '';
  });
  return { text: expanded, defaulted, missing };
}
