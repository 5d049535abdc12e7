import type { httpFailureKinds } from '../observability/telemetry/failure-kind.ts';

/** Why an HTTP exchange gave no answer; told where metrics name it. */
export type HttpFailureKind = (typeof httpFailureKinds)[number];

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
