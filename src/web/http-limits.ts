/** 256 KiB: a hundred aliased reads are 6 KiB, an update with long tokens 20 KiB. */
export const BODY_LIMIT = 256 * 1024;

/** How long a client may take: for the headers of a request, all of it, and to read the answer. */
export interface SlowClientLimits {
  readonly headersMs: number;
  readonly requestMs: number;
  /** Node looks now and then for requests that are late. */
  readonly checkEveryMs: number;
  /** To read an answer, beside a second for every 64 KiB of it. */
  readonly answerMs: number;
}

/** A client that sends, or reads, a byte now and then keeps its connection no longer than this. */
export const SLOW_CLIENTS: SlowClientLimits = {
  headersMs: 20_000,
  requestMs: 30_000,
  checkEveryMs: 5_000,
  answerMs: 5_000,
};
