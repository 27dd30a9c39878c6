/** The value, made unchangeable with all that is in it: tables that everybody shares must not be changed by anybody. */
export function frozen<const T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}
