/** A token for Graph, and until when it is to be used. */
export interface SharedToken {
  readonly token: string;
  /** Milliseconds since 1970. The margin before the end that Entra gave it is taken off already. */
  readonly expiresAt: number;
}

/**
 * Tokens for Graph that replicas share, behind each process's own cache. A token is found by the caller's own token (the
 * assertion of the exchange) alone; tenant, client and scope are those of the deployment.
 */
export interface SharedTokens {
  /** Undefined for one that is not there, cannot be read, or is not answered in time. It never rejects. */
  get(assertion: string): Promise<SharedToken | undefined>;
  /** Keeps a token fresh from Entra, in the place of one that Graph refused. It never throws, and nobody waits for it. */
  set(assertion: string, token: SharedToken): void;
}
