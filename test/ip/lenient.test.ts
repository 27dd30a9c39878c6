import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddress, lenientReadings, parseAddress } from '../../src/ip/index.js';
import { anyText, ipv6, numeric } from '../support/arbitraries.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';

describe('what lenient readers take a text for', () => {
  it.each([
    // text, inet_aton, URL standard
    ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1', '127.0.0.1'],
    ['127.0.1', '127.0.0.1', '127.0.0.1'],
    ['1.65535', '1.0.255.255', '1.0.255.255'],
    ['1.2.65535', '1.2.255.255', '1.2.255.255'],
    ['0', '0.0.0.0', '0.0.0.0'],
    ['2130706433', '127.0.0.1', '127.0.0.1'],
    ['4294967295', '255.255.255.255', '255.255.255.255'],
    ['0x7f.1', '127.0.0.1', '127.0.0.1'],
    ['0X7F000001', '127.0.0.1', '127.0.0.1'],
    ['0x00000000000000000007f000001', '127.0.0.1', '127.0.0.1'],
    ['017700000001', '127.0.0.1', '127.0.0.1'],
    ['012.1.2.3', '10.1.2.3', '10.1.2.3'],
    ['0127.0.0.1', '87.0.0.1', '87.0.0.1'],
    ['010.8.8.8', '8.8.8.8', '8.8.8.8'],
    ['00.00.00.00', '0.0.0.0', '0.0.0.0'],
    // overflow
    ['4294967296', null, null],
    ['0x100000000', null, null],
    ['040000000000', null, null],
    ['256.1', null, null],
    ['1.256.1', null, null],
    ['1.2.256.1', null, null],
    ['1.2.3.256', null, null],
    ['1.2.65536', null, null],
    ['1.16777216', null, null],
    ['99999999999999999999999999', null, null],
    // no digits of the base
    ['08', null, null],
    ['1.2.3.09', null, null],
    ['0x7g', null, null],
    ['1e3', null, null],
    ['-1', null, null],
    ['+1', null, null],
    // a name, an empty part, too many parts
    ['localhost', null, null],
    ['a.b.c.d', null, null],
    ['', null, null],
    ['.', null, null],
    ['1..2', null, null],
    ['.1', null, null],
    ['1.2.3.4.5', null, null],
    // where the two differ
    ['127.0.0.1.', null, '127.0.0.1'],
    ['127.0.0.1..', null, null],
    ['0x', null, '0.0.0.0'],
    ['0x.0x.0', null, '0.0.0.0'],
    ['127.0.0.1 example', '127.0.0.1', null],
    ['127.0.0.1\texample', '127.0.0.1', null],
    ['127.0.0.1\n', '127.0.0.1', '127.0.0.1'],
    ['127.0.0.1 ', '127.0.0.1', '127.0.0.1'],
    [' 127.0.0.1', null, null],
    ['127\t.0.0.1', '0.0.0.127', '127.0.0.1'],
    ['１２７.0.0.1', null, '127.0.0.1'],
    ['127。0｡0．1', null, '127.0.0.1'],
    ['①②⑦.0.0.1', null, '127.0.0.1'],
    ['１２７.１', null, '127.0.0.1'],
    ['0Ｘ7f.1', null, '127.0.0.1'],
    ['%31%32%37.0.0.1', null, '127.0.0.1'],
    ['127%2e0%2E0%2e1', null, '127.0.0.1'],
    ['%EF%BC%91.1', null, '1.0.0.1'],
    ['127.0.0.\u00ad1', null, '127.0.0.1'],
    ['%2531.0.0.1', null, null],
    ['127.0.0.1%00', null, null],
    ['127.0.0.1%20', null, null],
    ['127.0.0.1%', null, null],
    ['127.0.0.1%zz', null, null],
    ['127.0.0.1%ff', null, null],
    // Arabic and Devanagari digits map to themselves
    ['١٢٧.0.0.1', null, null],
    ['१२७.0.0.1', null, null],
    // brackets
    ['[::1]', null, '::1'],
    ['[::ffff:7f00:1]', null, '::ffff:127.0.0.1'],
    ['[::ffff:127.0.0.1]', null, '::ffff:127.0.0.1'],
    ['[2001:DB8::1]', null, '2001:db8::1'],
    ['[fe80::1%25eth0]', null, null],
    ['[fe80::1%eth0]', null, null],
    ['[127.0.0.1]', null, null],
    ['[::1', null, null],
    ['::1', null, null],
  ])('%j: inet_aton %s, URL %s', (text, inetAton, url) => {
    expect(lenientReadings(text)).toStrictEqual({ inetAton, url });
  });

  it('gives canonical text of addresses, and what strict reading gives of strict text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { inetAton, url } = lenientReadings(text);
        for (const reading of [inetAton, url]) {
          if (reading !== null) expect(String(parseAddress(reading))).toBe(reading);
        }
        if (isAddress(text, 4)) expect([inetAton, url]).toStrictEqual([text, text]);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes a long text in a moment', () => {
    expect(lenientReadings('0'.repeat(10_000_000))).toStrictEqual({ inetAton: null, url: null });
    expect(lenientReadings(`${'0'.repeat(500)}1`)).toStrictEqual({ inetAton: '0.0.0.1', url: '0.0.0.1' });
  });

  it.each(NOT_TEXT)('refuses %s', (_, value) => {
    expect(() => lenientReadings(forbidden(value))).toThrow(
      expect.objectContaining({ name: 'AddressParseError', code: 'NOT_TEXT', input: value }),
    );
  });
});

/** What `new URL` takes the text for when it stands as a host: an address in canonical text, or null. */
function readByUrl(host: string): string | null {
  // Not `URL.canParse`: Node 20's optimized one refuses hosts with Latin-1 characters that `new URL` takes.
  try {
    const text = new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
    return isAddress(text) ? String(parseAddress(text)) : null;
  } catch {
    return null;
  }
}

const IGNORED_LATER = /[\u115f\u1160\u17b4\u17b5\u180e\u2061-\u2063\u206a-\u206f\u3164\uffa0\u{1d173}-\u{1d17a}]/u;

/**
 * Chromium's `URL` reads more in brackets than the standard does: what percent-encodings and other characters stand for, and
 * octal and hexadecimal octets.
 */
const READS_MORE_IN_BRACKETS = readByUrl('[::%31]') !== null;
const MORE_IN_BRACKETS = /%|[^\0-\x7f]|[:.]0[\dx][\da-f]*\.|\.0[\dx]/i;

describe('the URL reading is that of new URL', () => {
  const piece = fc.oneof(
    numeric,
    fc.constantFrom(...'0123456789abcdefxX.'),
    fc.constantFrom(
      '.',
      '.',
      '0x',
      '0',
      '256',
      '４',
      '７',
      '．',
      '。',
      '｡',
      'Ｘ',
      'ｆ',
      '①',
      '²',
      '𝟏',
      '\u00ad',
      '\u200b',
      '\ufe0f',
    ),
    fc.constantFrom(
      '%30',
      '%31',
      '%2e',
      '%2E',
      '%78',
      '%EF%BC%91',
      '%C2%AD',
      '%00',
      '%20',
      '%25',
      '%2',
      '%zz',
      '%80',
      '%2f',
    ),
    fc.constantFrom(' ', '\t', '\n', '\0', '\u00a0', '\u3000', '-', '_', '+', 'g', 'é', '١', '⒈', '․', '\u{e0100}'),
  );

  it('on digits, dots, prefixes, full-width forms, percent-encodings and blanks', () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
        const host = pieces.join('');
        expect(lenientReadings(host).url).toBe(readByUrl(host));
      }),
      { numRuns: 20000 },
    );
  });

  it('on numbers', () => {
    fc.assert(
      fc.property(numeric, fc.constantFrom('', '.', '..', ' ', '\n', '. '), (text, end) => {
        expect(lenientReadings(text + end).url).toBe(readByUrl(text + end));
      }),
      { numRuns: 5000 },
    );
  });

  it('on brackets', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText.filter((text) => !/[/?#@\\]/.test(text)),
          ipv6.map(String),
        ),
        (text) => {
          const { url } = lenientReadings(`[${text}]`);
          const more = READS_MORE_IN_BRACKETS && MORE_IN_BRACKETS.test(text.replace(/[\t\n\r]/g, ''));
          expect(url).toBe(more ? null : readByUrl(`[${text}]`));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['a0x1', null, null],
    ['1.a0x2', null, null],
    ['0x1g', null, null],
    ['1.2.3.4.0', null, null],
    ['1.2.3.4  ', '1.2.3.4', '1.2.3.4'],
    ['1::1]', null, null],
    ['[::1', null, null],
  ])('of %j', (text, inetAton, url) => {
    expect(lenientReadings(text)).toEqual({ inetAton, url });
  });

  it('says nothing of texts over 1024 characters', () => {
    expect(lenientReadings('0'.repeat(1024))).toEqual({ inetAton: '0.0.0.0', url: '0.0.0.0' });
    expect(lenientReadings('0'.repeat(1025))).toEqual({ inetAton: null, url: null });
  });

  it('for each character that may be left out or stand for a digit, and a sample of the rest', () => {
    const differences: string[] = [];
    for (let code = 0x21; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      // Characters that end a host; lone surrogates; outlined digits and letters (Unicode 16), which Node 20 can already
      // normalize but does not yet map in a URL.
      if (/[/?#@\\:]/.test(character) || (code >= 0xd800 && code <= 0xdfff)) continue;
      if (code >= 0x1ccd6 && code <= 0x1ccf9) continue;
      const candidate = /^(?:[\da-fx.。]+|\p{Default_Ignorable_Code_Point})$/iu.test(character.normalize('NFKC'));
      if (!candidate && code % 100 !== 0) continue;
      for (const text of [`0${character}1.1`, `127${character}1`, `127.0.0.1${character}`]) {
        // Node 20 and 22 refuse what 24 leaves out (Unicode 15.1): the reading is that of those who read something.
        const byNewer = IGNORED_LATER.test(character) ? readByUrl(text.replace(character, '')) : null;
        if (lenientReadings(text).url !== (readByUrl(text) ?? byNewer))
          differences.push(`U+${code.toString(16)} in ${text}`);
      }
    }
    expect(differences).toStrictEqual([]);
  });
});
