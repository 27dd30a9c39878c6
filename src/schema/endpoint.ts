import type { Endpoint, EndpointFormatErrorCode, EndpointOptions, EndpointParseErrorCode } from '../socket/index.js';
import { EndpointFormatError, formatEndpoint, safeParseEndpoint } from '../socket/index.js';
import type { Issue, IssueParams, TextCodec } from './codec.js';
import { issueOf, textCodec } from './codec.js';

/** A codec between the text of an endpoint and what it says: input `string`, output `Endpoint`. */
export type EndpointCodec = TextCodec<Endpoint>;

/** Why a schema refuses an endpoint: the code of an `EndpointParseError`, or when encoding of an `EndpointFormatError`. Stable. */
export type EndpointIssueCode = EndpointParseErrorCode | EndpointFormatErrorCode;

/** The `params` of an issue of the endpoint schemas: plain data. */
export type EndpointIssueParams = IssueParams<EndpointIssueCode>;

/**
 * Text to `Endpoint` in the strict dialect, as `parseEndpoint` reads it: strings only, not trimmed, not coerced, nothing
 * resolved. `z.encode` gives the text that `formatEndpoint` gives.
 *
 * Text that is no endpoint is an issue with code `custom`, the message of the `EndpointParseError` and in `params` its `code`,
 * `hint` and `offset`; what is no text at all is zod's `invalid_type`.
 */
export const endpointSchema: EndpointCodec = /* @__PURE__ */ endpoint();

/**
 * `endpointSchema` for another dialect.
 *
 *     const listen = endpoint({ dialect: 'nginx' });
 *
 * @throws {TypeError} for an option that there is not, or a value that it does not take
 */
export function endpoint(options: EndpointOptions = {}): EndpointCodec {
  // A copy, which is checked here: who changes the options afterwards does not change the schema.
  const own = { ...options };
  safeParseEndpoint('', options);
  return textCodec<Endpoint, Endpoint>({
    read: (text) => {
      const parsed = safeParseEndpoint(text, own);
      return parsed.success ? { value: parsed.data } : { issue: issueOf(parsed.error) };
    },
    isValue: (value): value is Endpoint => typeof value === 'object' && value !== null && 'kind' in value,
    notValue: issue('NOT_ENDPOINT', 'no endpoint', 'pass what parseEndpoint returns'),
    judge: () => [],
    write: (value) => {
      try {
        return { text: formatEndpoint(value, own) };
      } catch (error) {
        if (!(error instanceof EndpointFormatError)) throw error;
        return { issue: { message: error.message, params: { code: error.code, hint: error.hint, offset: null } } };
      }
    },
    about: {
      description:
        own.dialect === undefined
          ? 'endpoint, e.g. 127.0.0.1:8080 or [::1]:8080'
          : `endpoint, as ${own.dialect} writes it`,
    },
  });
}

function issue(code: EndpointIssueCode, problem: string, hint: string): Issue<EndpointIssueCode> {
  return { message: `${problem}; ${hint}`, params: { code, hint, offset: null } };
}
