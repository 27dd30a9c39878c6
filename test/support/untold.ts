/** An error that can't be told: its message and its code throw. */
export class Untold extends Error {
  override get message(): string {
    throw new Error('of the getter');
  }

  get code(): string {
    throw new Error('of the getter');
  }
}
