/**
 * Why an HTTP exchange gave no answer.
 * - `refused`, `unreachable`: no connection (the latter: name not resolved, connect timed out, TLS failed)
 * - `broken`: the connection ended before the answer did
 * - `slow`: connected, but headers or body took longer than one attempt may
 * - `too-large`: the body passed the limit and was not read on
 * - `timeout`, `cancelled`: the operation's budget ended
 */
export type HttpFailureKind = 'refused' | 'unreachable' | 'broken' | 'slow' | 'too-large' | 'timeout' | 'cancelled';

/** An HTTP exchange without a usable answer. `sent` tells whether the server can have seen the request. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly kind: HttpFailureKind;
  readonly sent: boolean;

  constructor(kind: HttpFailureKind, sent: boolean, cause?: unknown) {
    super(`HTTP exchange failed: ${kind}`, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.sent = sent;
  }
}
