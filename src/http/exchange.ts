import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Budget, BudgetEnd, BudgetListener } from './budget.ts';
import { HttpFailure, type HttpFailureKind } from './http-failure.ts';
import { type HttpHeaders, singleHeaders } from './http-headers.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** The body as text; empty for a redirect and for what is not JSON, which are not read at all. */
  readonly text: string;
  /** False for these. */
  readonly json: boolean;
}

export interface ExchangeOptions {
  readonly budget: Budget;
  /** True for a request that must run to its end although the client has gone (an update that was sent). */
  readonly outlivesClient?: boolean;
  /** Milliseconds that this exchange may take in all, below what the budget has left. */
  readonly answerWithinMs?: number;
}

/** A page of 100 sessions with long tokens stays under 1 MiB; more than this is no answer of Graph or Entra. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** One request and its answer, as undici tells of it. One shape with functions that all share: there is one per call. */
interface Exchange extends Dispatcher.DispatchHandler, BudgetListener {
  readonly budget: Budget;
  readonly outlivesClient: boolean;
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (failure: HttpFailure) => void;
  /** Ends the exchange before the budget does. */
  limit: NodeJS.Timeout | undefined;
  /** Set from the moment at which the server may see the request. */
  controller: Dispatcher.DispatchController | undefined;
  over: HttpFailure | 'answered' | undefined;
  status: number;
  headers: HttpHeaders;
  size: number;
  readonly chunks: Buffer[];
}

/**
 * What to give to undici's `dispatch` so that the answer ends up in `resolve`: no stream for each body, as `request`
 * makes, and the limit on its size is kept while it is read. `reject` gets a HttpFailure.
 */
export function startExchange(
  { budget, outlivesClient = false, answerWithinMs }: ExchangeOptions,
  resolve: (answer: HttpAnswer) => void,
  reject: (failure: HttpFailure) => void,
): Dispatcher.DispatchHandler {
  const exchange: Exchange = {
    budget,
    outlivesClient,
    resolve,
    reject,
    limit: undefined,
    controller: undefined,
    over: undefined,
    status: 0,
    headers: {},
    size: 0,
    chunks: [],
    budgetEnded,
    onRequestStart,
    onResponseStart,
    onResponseData,
    onResponseEnd,
    onResponseError,
  };
  budget.listen(exchange);
  if (answerWithinMs !== undefined) exchange.limit = setTimeout(breakOff, answerWithinMs, exchange, 'slow');
  return exchange;
}

function budgetEnded(this: Exchange, end: BudgetEnd): void {
  if (end === 'timeout' || !this.outlivesClient) breakOff(this, end);
}

function onRequestStart(this: Exchange, controller: Dispatcher.DispatchController): void {
  if (this.over instanceof HttpFailure) controller.abort(this.over);
  else this.controller = controller;
}

function onResponseStart(
  this: Exchange,
  controller: Dispatcher.DispatchController,
  status: number,
  headers: IncomingHttpHeaders,
): void {
  if (status < 200) return;
  this.status = status;
  this.headers = singleHeaders(headers);
  if (isNotJson(this.headers) || isRedirect(status)) {
    settle(this, { status, headers: this.headers, text: '', json: false });
    // The rest is of no use, and whoever answered is not who was asked: this connection is not used again.
    controller.abort(new Error('not JSON'));
  } else if (Number(this.headers['content-length'] ?? 0) > MAX_BODY_BYTES) breakOff(this, 'too-large');
}

function onResponseData(this: Exchange, _controller: Dispatcher.DispatchController, chunk: Buffer): void {
  this.size += chunk.length;
  if (this.size > MAX_BODY_BYTES) breakOff(this, 'too-large');
  else this.chunks.push(chunk);
}

function onResponseEnd(this: Exchange): void {
  const { status, headers, chunks } = this;
  const text = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString();
  settle(this, { status, headers, text, json: true });
}

function onResponseError(this: Exchange, _controller: unknown, error: Error): void {
  if (this.over !== undefined) return;
  const sent = this.controller !== undefined;
  fail(this, new HttpFailure(sent ? 'broken' : kindWithoutConnection(error), sent, error));
}

function settle(exchange: Exchange, answer: HttpAnswer): void {
  finish(exchange, 'answered');
  exchange.resolve(answer);
}

function breakOff(exchange: Exchange, kind: HttpFailureKind): void {
  const failure = new HttpFailure(kind, exchange.controller !== undefined);
  fail(exchange, failure);
  exchange.controller?.abort(failure);
}

function fail(exchange: Exchange, failure: HttpFailure): void {
  finish(exchange, failure);
  exchange.reject(failure);
}

function finish(exchange: Exchange, over: HttpFailure | 'answered'): void {
  exchange.over = over;
  exchange.budget.forget(exchange);
  if (exchange.limit !== undefined) clearTimeout(exchange.limit);
}

/** Neither Graph nor Entra redirects: a gate of the network does. */
function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

function isNotJson(headers: HttpHeaders): boolean {
  const type = headers['content-type'];
  return type !== undefined && headers['content-length'] !== '0' && !/^application\/([\w.-]+\+)?json\b/i.test(type);
}

function kindWithoutConnection(error: Error): HttpFailureKind {
  const causes = error instanceof AggregateError ? error.errors : [error];
  return causes.some((cause) => (cause as NodeJS.ErrnoException).code === 'ECONNREFUSED') ? 'refused' : 'unreachable';
}
