import type { IncomingHttpHeaders } from 'node:http';
import { Agent, type Dispatcher, errors } from 'undici';
import type { Budget } from './budget.ts';
import { HttpFailure, type HttpFailureKind } from './http-failure.ts';

export interface HttpRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body as text; empty when it is not JSON, which is not read at all. */
  readonly text: string;
  /** False when the server named another media type than JSON. */
  readonly json: boolean;
}

export interface SendOptions {
  readonly budget: Budget;
  /** True for a request that must run to its end although the client has gone (an update that was sent). */
  readonly outlivesClient?: boolean;
  /** Milliseconds that this exchange may take in all, below what the budget has left. */
  readonly answerWithinMs?: number;
}

/** The one way out: every call to Graph and Entra goes through it. */
export interface Transport {
  /** One HTTP exchange, redirects not followed. @throws HttpFailure when there is no answer that can be read. */
  send(request: HttpRequest, options: SendOptions): Promise<HttpAnswer>;
  /** Has every later request use a new connection; those in flight end on the old ones. */
  renewConnections(): void;
  /** Closes all connections, waiting for none. */
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Milliseconds that one operation may take in all; the limits of one attempt are derived from it. */
  readonly requestTimeoutMs: number;
  readonly maxConnectionsPerOrigin: number;
}

/** A page of 100 sessions with long tokens stays under 1 MiB; more than this is no answer of Graph or Entra. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export function createTransport(options: TransportOptions): Transport {
  const openAgent = () =>
    new Agent({
      connections: options.maxConnectionsPerOrigin,
      connect: { timeout: Math.min(5_000, Math.ceil(options.requestTimeoutMs / 3)) },
      // Below the whole budget, so that an update without an answer leaves time to read back what became of it.
      headersTimeout: Math.ceil((options.requestTimeoutMs * 2) / 3),
      bodyTimeout: Math.ceil(options.requestTimeoutMs / 3),
      allowH2: false,
    });
  let agent = openAgent();
  const retired = new Set<Agent>();
  return {
    send: (request, sendOptions) => dispatch(agent, request, sendOptions),
    renewConnections() {
      const old = agent;
      agent = openAgent();
      retired.add(old);
      // It fails when `close` below is faster.
      const forget = () => retired.delete(old);
      old.close().then(forget, forget);
    },
    async close() {
      await Promise.all([agent, ...retired].map((each) => each.destroy()));
    },
  };
}

/** undici's `dispatch` rather than `request`: no stream per body, and the size limit is kept while reading. */
function dispatch(agent: Agent, request: HttpRequest, options: SendOptions): Promise<HttpAnswer> {
  const { budget, outlivesClient, answerWithinMs } = options;
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let failure: HttpFailure | undefined;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const abort = (kind: HttpFailureKind) => {
      failure = new HttpFailure(kind, controller !== undefined);
      stopListening();
      reject(failure);
      controller?.abort(failure);
    };
    const stopWaiting = budget.onEnd((end) => {
      if (end === 'timeout' || !outlivesClient) abort(end);
    });
    const limit = answerWithinMs === undefined ? undefined : setTimeout(() => abort('slow'), answerWithinMs);
    const stopListening = () => {
      stopWaiting();
      clearTimeout(limit);
    };
    if (budget.ended !== undefined) return abort(budget.ended);

    const settle = (answer: HttpAnswer) => {
      stopListening();
      resolve(answer);
    };
    agent.dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
      },
      {
        onRequestStart(started) {
          if (failure !== undefined) return started.abort(failure);
          controller = started;
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          if (statusCode < 200) return;
          status = statusCode;
          headers = responseHeaders;
          if (isNotJson(headers)) {
            settle({ status, headers, text: '', json: false });
            // The rest is of no use, and whoever answered is not who was asked: this connection is not used again.
            controller?.abort(new Error('not JSON'));
          } else if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) abort('too-large');
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > MAX_BODY_BYTES) abort('too-large');
          else chunks.push(chunk);
        },
        onResponseEnd() {
          const text = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString();
          settle({ status, headers, text, json: true });
        },
        onResponseError(_controller, error) {
          stopListening();
          reject(failure ?? new HttpFailure(kindOf(error, controller !== undefined), controller !== undefined, error));
        },
      },
    );
  });
}

function isNotJson(headers: IncomingHttpHeaders): boolean {
  const type = headers['content-type'];
  return type !== undefined && headers['content-length'] !== '0' && !/^application\/([\w.-]+\+)?json\b/i.test(type);
}

function kindOf(error: Error, sent: boolean): HttpFailureKind {
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) return 'slow';
  if (sent) return 'broken';
  const causes = error instanceof AggregateError ? error.errors : [error];
  return causes.some((cause) => (cause as NodeJS.ErrnoException).code === 'ECONNREFUSED') ? 'refused' : 'unreachable';
}
