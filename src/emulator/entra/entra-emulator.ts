import type { Fault } from '../faults.ts';
import type { MintOptions } from './caller-token.ts';
import type { FederatedTrust } from './client-proof/federated-store.ts';
import type { PublicKey } from './signing-keys.ts';
import type { StepUpWording } from './step-up.ts';

/** A request that reached Entra. */
export interface EntraRequest {
  readonly at: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** undefined until answered; for ever when the answer was withheld. */
  status: number | undefined;
  query?: Readonly<Record<string, string>>;
  form?: Readonly<Record<string, string>>;
}

/** Entra as a server: its documents, its token endpoint, and what a test may bend. */
export interface EntraEmulator {
  readonly origin: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** New at every start, unless one was given. */
  readonly clientSecret: string;
  readonly audience: string;
  /** What came in, oldest first, at most 10 000. */
  readonly requests: readonly EntraRequest[];
  /** Whether an admin consented to people signing in to the gateway's app; false makes every sign-in end with 65001. */
  consentToSignIn: boolean;
  /** Life of the tokens for Graph. */
  graphTokenLifetimeSeconds: number;
  /** Graph permissions that the admin consented to for the gateway's app. */
  grantedScopes: readonly string[];
  /** An access token of a caller for the gateway's API. */
  mintToken(options?: MintOptions): string;
  /** A new signing key; the keys document shows only that one. Tokens signed before stay good here and at Graph. */
  rotateKeys(): Promise<void>;
  /** The public half of the current signing key, as PEM: what a forger would use as an HMAC secret. */
  signingKeyPem(): string;
  /** The keys document's content. */
  publicKeys(): { keys: PublicKey[] };
  /** Registers a client certificate on the gateway's app. */
  acceptCertificate(pem: string): void;
  /** Registers a federated identity credential on the gateway's app. */
  acceptFederated(trust: FederatedTrust): void;
  /** From now on this user gets a token only when the request's `claims` hold these (JSON text). */
  requireClaimsFor(oid: string, claims: string, wording?: StepUpWording): void;
  /** Appends to the scripted faults. */
  respondWith(faults: Fault | readonly Fault[]): void;
  clearFaults(): void;
  /** Forgets the log, the faults, the demanded claims, codes and refresh tokens. Registered credentials stay. */
  clear(): void;
  /** As after the start, but for signing keys and registered credentials: tokens stay good. */
  reset(): void;
  /** Listens again, on the same port. */
  start(): Promise<void>;
  /** Stops listening and breaks every open connection. */
  stop(): Promise<void>;
}
