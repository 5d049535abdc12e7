import type { EntraRefusal } from './entra-refusal.ts';

/**
 * Why nobody was signed in.
 * - `stale`: the callback is of no sign-in that this browser began, or of one that is over
 * - `refused`: Entra said no
 * - `unreachable`: Entra gave no answer
 * - `senseless`: what came back is not what was asked for (nonce, issuer, audience, no token)
 * - `credential`: the gateway's own certificate or assertion cannot be read
 * - `not-installed`: the packages for it are missing
 */
export type SignInFailureKind = 'stale' | 'refused' | 'unreachable' | 'senseless' | 'credential' | 'not-installed';

/** A sign-in that failed. Holds nothing secret: no code, no state, no token. */
export class SignInFailure extends Error {
  override readonly name = 'SignInFailure';
  readonly kind: SignInFailureKind;
  readonly refusal: EntraRefusal | undefined;

  constructor(kind: SignInFailureKind, details: { readonly cause?: unknown; readonly refusal?: EntraRefusal } = {}) {
    super(`sign-in failed: ${kind}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.refusal = details.refusal;
  }
}
