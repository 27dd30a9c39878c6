import type { Readable } from 'node:stream';

/**
 * Settles when a peer has ended, whatever is still to be sent: nobody waits for input that there is no use for.
 *
 * @throws what receiving fails with; and an error of the system that sending has met, as what was given did not arrive then
 */
export async function exchange(input: Readable, sending: Promise<void>, receiving: Promise<void>): Promise<void> {
  const sent = sending.then(
    () => null,
    (error: unknown) => error,
  );
  await receiving;
  input.destroy();
  const error = await sent;
  // Of a reset the system tells who comes first, reading or writing, and the other sees a plain end.
  if (error instanceof Error && 'syscall' in error) throw error;
}
