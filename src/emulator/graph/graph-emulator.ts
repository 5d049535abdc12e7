import type { Fault } from '../faults.ts';
import type { JsonObject } from '../json.ts';
import type { GraphSettings } from './graph-settings.ts';

/** An entry of a batch, as it came in and was answered. */
export interface GraphBatchEntry {
  readonly id: string;
  readonly method: string;
  /** As the entry names it: relative to the version. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  status: number | undefined;
}

/** A request that reached Graph. */
export interface GraphRequest {
  readonly at: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, else the text, undefined when there was none. */
  readonly body: unknown;
  /** undefined until answered; for ever when the answer was withheld. */
  status: number | undefined;
  /** The user whom the token names, whether or not it was accepted. */
  readonly oid: string | undefined;
  readonly authorization: string | undefined;
  batch?: readonly GraphBatchEntry[];
}

/** Microsoft Graph as a server: the one resource, and what a test may bend. */
export interface GraphEmulator extends GraphSettings {
  readonly origin: string;
  /** Version included. */
  readonly baseUrl: string;
  readonly sessions: Map<string, JsonObject>;
  /** What came in, oldest first, at most 10 000. */
  readonly requests: readonly GraphRequest[];
  /**
   * Continuous access evaluation: tokens not exchanged with these claims (JSON text) get a claims challenge, all users'
   * or one user's. undefined ends it. `at` says whether a batch is challenged as a whole (default) or entry by entry.
   */
  requireClaims(claims: string | undefined, options?: { oid?: string; at?: 'envelope' | 'entry' }): void;
  /** Tokens issued earlier get a plain 401, without claims. */
  rejectTokensIssuedBefore(date: Date | number): void;
  /** Appends to the scripted faults. */
  respondWith(faults: Fault | readonly Fault[]): void;
  clearFaults(): void;
  /** Forgets the log, the faults and what was demanded of tokens. Sessions and settings stay. */
  clear(): void;
  /** As after the start: what `clear` forgets, and sessions and settings as they were. */
  reset(): void;
  /** Listens again, on the same port. */
  start(): Promise<void>;
  /** Stops listening and breaks every open connection. */
  stop(): Promise<void>;
}
