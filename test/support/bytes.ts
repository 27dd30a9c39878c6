/** The bytes of a text in UTF-8, on every platform: a browser has no `Buffer`. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Whether two arrays hold the same bytes: `toStrictEqual` takes its time with large ones. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
