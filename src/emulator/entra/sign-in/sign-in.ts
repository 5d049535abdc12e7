import type { JsonObject } from '../../json.ts';
import type { SelfScope } from './self-scope.ts';

/** A person who has signed in for an app: what a code, and later a refresh token, stands for. */
export interface SignIn {
  readonly oid: string;
  readonly clientId: string;
  readonly scope: SelfScope;
  /** The parsed `claims` with which the app sent the person here. */
  readonly claims: JsonObject;
}

/** What redeeming a code is held against. */
export interface CodeGrant extends SignIn {
  readonly redirectUri: string;
  readonly nonce: string | undefined;
  readonly challenge: { readonly text: string; readonly method: 'S256' | 'plain' } | undefined;
}
