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

/**
 * A caller whose token was verified. One object for all requests with the same `Authorization` header, so it holds no token:
 * who needs that has the header.
 */
export interface AuthenticatedCaller extends Caller {
  /** SHA-256 of the whole header in its usual spelling: the key under which caches know the token. */
  readonly tokenHash: string;
}

export function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}
