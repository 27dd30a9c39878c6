/**
 * A listener with a full backlog: the kernel drops every SYN to it, so that who connects waits. With `release` it is a listener like
 * others, and those who wait are connected when their next SYN comes, a second after the first.
 */
export declare class DeadListener implements AsyncDisposable {
  readonly port: number;
  /** @throws the system's error when the port is taken */
  static listen(host: string, port?: number): Promise<DeadListener>;
  release(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** How many connections to an IPv4 address and port wait for an answer to their SYN, by the kernel's table. */
export declare function synSent(host: string, port: number): number;
