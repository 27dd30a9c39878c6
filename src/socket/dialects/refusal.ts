import type { EndpointFinding, EndpointParseErrorCode } from '../endpoint-error.js';

/** A text refused: what is wrong and where. The words are made when somebody asks, as many texts are refused and few errors read. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: EndpointParseErrorCode;
  readonly offset: number;
  readonly words: () => Words;
}

/** What is wrong, in a few words, and what to write instead. */
export interface Words {
  readonly problem: string;
  readonly hint: string;
}

export function refuse(code: EndpointParseErrorCode, offset: number, words: () => Words): Refusal {
  return { kind: 'refused', code, offset, words };
}

/** Whether something read is a refusal. */
export function isRefusal(read: unknown): read is Refusal {
  return typeof read === 'object' && read !== null && 'kind' in read && read.kind === 'refused';
}

/** A refusal of a part of a text, for the whole of it. */
export function refuseAt(refusal: Refusal, offset: number): Refusal {
  return { ...refusal, offset: refusal.offset + offset };
}

/** What a refusal says. */
export function findingOf({ code, offset, words }: Refusal): EndpointFinding {
  return { code, offset, ...words() };
}
