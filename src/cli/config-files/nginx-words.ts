import { type Place, Places } from './found.js';

/** A word of a config, what ends a directive, or what opens or closes a block. */
export interface Word extends Place {
  readonly kind: 'text' | ';' | '{' | '}';
  /** Without quotes and backslashes; '' but for a text. */
  readonly text: string;
}

/** What is wrong with a config as nginx reads it. */
export class NginxSyntaxError extends Error {
  override readonly name = 'NginxSyntaxError';
  readonly place: Place;
  readonly hint: string;

  constructor(place: Place, message: string, hint: string) {
    super(message);
    this.place = place;
    this.hint = hint;
  }
}

// One token at a time. A word goes on to a blank, `;` or `{`; a `}` within is part of it, and so is the `{` of `${name}`.
const BLANKS = /(?:[ \t\r\n]|#[^\n]*(?:\n|$))*/y;
const QUOTED = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^'\\]*(?:\\[\s\S][^'\\]*)*'/y;
const PLAIN = /(?:\\[\s\S]|\$\{|[^\s;{\\])+/y;
const AFTER_QUOTE = /(?=[\s;{)]|$)/y;

/**
 * The words of an nginx config, as nginx itself cuts them. The libraries that read such files (nginx-conf, the most used)
 * keep neither the places of directives nor the quotes of their words.
 *
 * @throws {NginxSyntaxError} while they are read, where a quote has no end or another word follows at once
 */
export function* nginxWords(text: string): Generator<Word, void, undefined> {
  const places = new Places(text);
  let at = 0;
  let first: string | null = null;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  for (;;) {
    at += match(BLANKS)?.length ?? 0;
    if (at >= text.length) return;
    const place = places.at(at);
    const sign = text[at];
    if (sign === ';' || sign === '{' || sign === '}') {
      at++;
      yield { kind: sign, text: '', ...place };
      if (sign === '{' && first !== null && /_by_lua_block$/.test(first)) {
        at = endOfLua(text, at);
        if (at < 0) throw new NginxSyntaxError(place, `the block ${first} has no end`, 'close it with }');
      }
      first = null;
      continue;
    }
    const quoted = sign === '"' || sign === "'";
    const word = match(quoted ? QUOTED : PLAIN);
    if (word === null)
      throw new NginxSyntaxError(place, quoted ? 'a quote without an end' : 'a backslash at the end', 'end the word');
    at += word.length;
    if (quoted && match(AFTER_QUOTE) === null)
      throw new NginxSyntaxError(places.at(at), 'a word right after a quote', 'put a blank between them');
    const content = (quoted ? word.slice(1, -1) : word).replace(/\\([\s\S])/g, unescaped);
    first ??= content;
    yield { kind: 'text', text: content, ...place };
  }
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n', '"': '"', "'": "'", '\\': '\\' };

function unescaped(written: string, escaped: string): string {
  return ESCAPES[escaped] ?? written;
}

/** What begins a comment, a long string, a string, or a block of Lua code. */
const LUA_TOKEN = /--\[\[|--|\[\[|["'{}]/g;

/** Where the brace stands that closes a block of Lua code, whose lines are no directives; -1 when there is none. */
function endOfLua(text: string, from: number): number {
  let depth = 1;
  for (let at = from; ; ) {
    LUA_TOKEN.lastIndex = at;
    const token = LUA_TOKEN.exec(text);
    if (token === null) return -1;
    const [sign] = token;
    at = token.index + sign.length;
    if (sign === '{') depth++;
    else if (sign === '}') {
      if (--depth === 0) return token.index;
    } else {
      at = endOfOpaque(text, at, sign);
      if (at < 0) return -1;
    }
  }
}

/** Where a comment or a string of Lua is over that began with `sign` before `from`; -1 when it never is. */
function endOfOpaque(text: string, from: number, sign: string): number {
  if (sign === '"' || sign === "'") {
    for (let at = from; at < text.length; at++) {
      if (text[at] === '\\') at++;
      else if (text[at] === sign) return at + 1;
    }
    return -1;
  }
  const [end, length] = sign === '--' ? [text.indexOf('\n', from), 1] : [text.indexOf(']]', from), 2];
  return end < 0 ? end : end + length;
}
