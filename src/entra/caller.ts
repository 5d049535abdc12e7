import { hash } from 'node:crypto';

/** Who calls: a person signed in to a client app, as a verified access token says. */
export interface Caller {
  readonly tenantId: string;
  readonly objectId: string;
  /** The client app that the person uses (`azp`, in v1 tokens `appid`). */
  readonly clientApp: string | undefined;
  /** `tid` and `oid`: the only claims that name a user for good (facts, section 4). */
  readonly key: string;
  /** For logs: tells callers apart without naming them. */
  readonly logHash: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** A caller with the token that was presented for this request; Entra calls it the assertion of the exchange. */
export interface AuthenticatedCaller extends Caller {
  readonly assertion: string;
  /** SHA-256 of the assertion: the key under which caches know it, so that no cache holds the token itself. */
  readonly assertionHash: string;
}

export function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}
