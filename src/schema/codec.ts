import * as z from 'zod';

/** An issue before zod adds its path. */
export interface Issue<Code extends string = string> {
  readonly message: string;
  readonly params: IssueParams<Code>;
}

/** The `params` of an issue: plain data. */
export interface IssueParams<Code extends string = string> {
  readonly code: Code;
  /** What to write instead. */
  readonly hint: string;
  /** Where in the text, in UTF-16 code units; null when the text is one of its kind, but not one that is taken. */
  readonly offset: number | null;
}

/** A codec between text and a value of this package. */
export type TextCodec<T> = z.ZodCodec<z.ZodString, z.ZodCustom<T, T>>;

/** What makes a codec. */
export interface TextForm<T, All> {
  /** The value of a text, or why there is none. */
  readonly read: (text: string) => { readonly value: T } | { readonly issue: Issue };
  /** Whether something is a value that can be written as text, one that `judge` then looks at. */
  readonly isValue: (value: unknown) => value is All;
  /** For what is to be encoded and is no such value. */
  readonly notValue: Issue;
  /** What of a value is not taken, whichever way it comes. */
  readonly judge: (value: T) => readonly Issue[];
  /** The text of a value, or why there is none; `toString()` where this is left out. */
  readonly write?: (value: All) => { readonly text: string } | { readonly issue: Issue };
  /** What a JSON Schema says of the text. */
  readonly about: Readonly<Record<string, unknown>>;
}

/** The codec: decodes strings only, neither trimmed nor coerced. */
export function textCodec<All extends object, T extends All>(form: TextForm<T, All>): TextCodec<T> {
  const { read, isValue, notValue, judge, write = textOf, about } = form;
  const value = z.custom<T>(isValue, { error: notValue.message, params: { ...notValue.params } });
  // In JSON a value is its text, see `toJSON`; without this `z.toJSONSchema` throws for `io: 'output'`.
  value._zod.toJSONSchema = () => ({ type: 'string' });
  return z
    .codec(z.string(), value, {
      decode: (text, { issues }) => {
        const found = read(text);
        if ('value' in found) return found.value;
        issues.push(custom(text, found.issue));
        return z.NEVER;
      },
      encode: (given, { issues }) => {
        // zod encodes once before it checks, so that this meets what is no value.
        const written = isValue(given) ? write(given) : { issue: notValue };
        if ('text' in written) return written.text;
        issues.push(custom(given, written.issue));
        return z.NEVER;
      },
    })
    .check(({ value: found, issues }) => {
      for (const issue of judge(found)) issues.push(custom(found, issue));
    })
    .meta(about);
}

/** The issue of one of our parse errors. */
export function issueOf<Code extends string>(error: IssueParams<Code> & { readonly message: string }): Issue<Code> {
  const { message, code, hint, offset } = error;
  return { message, params: { code, hint, offset } };
}

function textOf(value: object): { readonly text: string } {
  return { text: value.toString() };
}

/** An issue of ours as zod takes it, before it adds the path. */
export function custom(input: unknown, { message, params }: Issue): z.core.$ZodRawIssue {
  return { code: 'custom', input, message, params: { ...params } };
}
