import type { TokenEndpointAnswer } from '../entra/exchange/exchange-failure.ts';
import type { Transport } from '../http/transport.ts';

/** What Entra said to the calls of the checks, beyond what the code that made them passes on. */
export interface EntraWatch {
  /** The transport that the checks use. */
  readonly transport: Transport;
  /** Seconds by which this machine's clock is ahead of Entra's; undefined until an answer named its time. */
  readonly clockAheadSeconds: number | undefined;
  /** The last refusal of the token endpoint. */
  readonly refusal: TokenEndpointAnswer | undefined;
}

/** @param clock milliseconds since 1970 */
export function watchEntra(transport: Transport, authorityHost: string, clock: () => number): EntraWatch {
  let clockAheadSeconds: number | undefined;
  let refusal: TokenEndpointAnswer | undefined;
  return {
    transport: {
      ...transport,
      async send(request, options) {
        const sentAt = clock();
        const answer = await transport.send(request, options);
        if (request.origin !== authorityHost) return answer;
        const entras = Date.parse(answer.headers.date ?? '');
        // The header counts whole seconds, and was written somewhere between the two looks at our clock.
        // The first answer is the discovery document's, which nobody else has answered.
        if (!Number.isNaN(entras)) clockAheadSeconds ??= Math.round(((sentAt + clock()) / 2 - entras - 500) / 1000);
        if (request.method === 'POST' && answer.status >= 400)
          refusal = { status: answer.status, retryAfterMs: undefined, text: answer.text };
        return answer;
      },
    },
    get clockAheadSeconds() {
      return clockAheadSeconds;
    },
    get refusal() {
      return refusal;
    },
  };
}
