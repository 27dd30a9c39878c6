// An HTTP client that is safe with what a stranger gave: every name and every address is checked before a packet is sent.

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Policy, Resolver } from '../dns/index.js';
import { createAgent } from '../tcp/index.js';

export interface HttpClientOptions {
  readonly policy: Policy;
  readonly resolver: Resolver;
  /** For connecting, and later for a server that says nothing, ms. */
  readonly timeoutMs: number;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

/** Gets a URL, and writes its body to the output; gives the status. Redirects are not followed. */
export async function httpClient(
  url: URL,
  { policy, resolver, timeoutMs, output, signal }: HttpClientOptions,
): Promise<{ readonly status: number; readonly location: string | null }> {
  const agents = createAgent({ policy, resolver, timeoutMs });
  try {
    const request =
      url.protocol === 'https:'
        ? https.get(url, { agent: agents.https, signal })
        : http.get(url, { agent: agents.http, signal });
    let late: Error | undefined;
    request.setTimeout(timeoutMs, () => {
      late = new Error(`the server has said nothing for ${timeoutMs} ms`);
      request.destroy(late);
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    // Of an answer that stops in the middle Node says no more than 'aborted'.
    await pipeline(response, output, { signal, end: false }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET') throw error;
      throw late ?? new Error('the server has ended in the middle of its answer', { cause: error });
    });
    return { status: response.statusCode ?? 0, location: response.headers.location ?? null };
  } finally {
    agents.destroy();
  }
}
