/** A text with its variables replaced by their defaults. */
export interface Expanded {
  readonly text: string;
  /** Variables of which the default was taken. */
  readonly defaulted: readonly string[];
  /** A variable without a default; null when there is none. */
  readonly missing: string | null;
}

/**
 * `$$`, `$NAME`, `${NAME}`; the beginning of `${NAME:-default}` with what may stand there: `-`, `?`, `+`, each with or without a
 * colon; its end; and what is between.
 */
const PIECE =
  /\$(?:(?<dollar>\$)|(?<bare>[A-Za-z_]\w*)|\{(?<name>[A-Za-z_]\w*)(?:(?<operator>:?[-?+])|\}))|(?<end>\})|[^$}]+|\$/g;

/** A variable whose end is still to come. */
interface Open {
  readonly name: string;
  readonly isDefault: boolean;
  /** What stands before it, and the text that begins it. */
  readonly before: string;
  readonly begin: string;
  /** What was missing before it. */
  readonly missing: string | null;
  /** Where it is in the list of those whose default was taken. */
  readonly index: number;
}

/** The variables of compose files and shells, where no environment is known: only their defaults are, which may have variables, too. */
export function expandVariables(text: string): Expanded {
  const defaulted: (string | null)[] = [];
  const open: Open[] = [];
  let missing: string | null = null;
  let expanded = '';
  for (const { 0: piece, groups = {} } of text.matchAll(PIECE)) {
    const { dollar, bare, name = bare, operator, end } = groups;
    const ended = end === undefined ? undefined : open.pop();
    if (ended !== undefined) {
      if (ended.isDefault) expanded = ended.before + expanded;
      else {
        // What stands in it decides nothing.
        missing = ended.missing ?? ended.name;
        defaulted.length = ended.index;
        expanded = ended.before;
      }
    } else if (name === undefined) expanded += dollar ?? piece;
    else if (operator === undefined) missing ??= name;
    else {
      const isDefault = operator.endsWith('-');
      open.push({ name, isDefault, before: expanded, begin: piece, missing, index: defaulted.length });
      defaulted.push(name);
      expanded = '';
    }
  }
  // What never ends is no variable.
  for (const { before, begin, index } of open.reverse()) {
    defaulted[index] = null;
    expanded = before + begin + expanded;
  }
  return { text: expanded, defaulted: defaulted.filter((name) => name !== null), missing };
}
