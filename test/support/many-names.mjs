// Names by number, each with its own answer: who gets the answer of another name is found out.

const TYPES = ['A', 'AAAA', 'TXT'];

export function typeOf(number) {
  return TYPES[number % TYPES.length];
}

/** The address, or text, of a name: of no other. */
export function addressOf(number) {
  const type = typeOf(number);
  if (type === 'A') return `10.${number >> 16}.${(number >> 8) & 0xff}.${number & 0xff}`;
  if (type === 'AAAA') return `2001:db8::1:${(0x1000 + number).toString(16)}`;
  return `the text of ${number}`;
}

/** Time limits, ms: for half of the names short ones, many of which pass in the queue, for the others longer than the run takes. */
export function limitOf(number) {
  return number % 2 === 0 ? 200 + ((number * 7919) % 6000) : 20_000;
}
