import type { Configuration, CustomFetch } from 'openid-client';
import type { Config } from '../../config.ts';
import type { Discovery } from '../../entra/callers/discovery.ts';
import { GatewayError } from '../../errors.ts';
import { startBudget } from '../../http/budget.ts';
import { HttpFailure } from '../../http/http-failure.ts';
import type { Transport } from '../../http/transport.ts';
import { MissingPackage, openidClient } from '../development-packages.ts';
import { clientAuthentication } from './client-authentication.ts';
import { entraRefusal } from './entra-refusal.ts';
import type { PendingSignIn, SignInPurpose } from './pending-sign-ins.ts';
import { SignInFailure } from './sign-in-failure.ts';

export interface SignInClientOptions {
  readonly entra: Config['entra'];
  readonly discovery: Discovery;
  readonly transport: Transport;
  /** Milliseconds that one request to Entra may take. */
  readonly requestTimeoutMs: number;
}

/** Sign-in of a person to the gateway's own app: authorization code with PKCE, `state` and `nonce`. */
export interface SignInClient {
  /**
   * @returns Entra's address to go to, and what to keep until the browser is back
   * @throws SignInFailure
   */
  begin(
    request: SignInPurpose & { readonly redirectUri: string },
  ): Promise<{ readonly address: URL; readonly pending: PendingSignIn }>;
  /**
   * Has Entra change the code for an access token of the gateway's API.
   * @param query the query of the callback, its `state` being that of `pending`
   * @throws SignInFailure
   */
  complete(query: URLSearchParams, pending: PendingSignIn): Promise<string>;
}

const CHALLENGE_METHOD = 'S256';

export function createSignInClient(options: SignInClientOptions): SignInClient {
  const { entra } = options;
  // An app that asks for a token for itself must name its GUID (AADSTS90009), not api://.
  const scope = `openid profile ${entra.clientId}/${entra.scope}`;

  return {
    async begin(request) {
      const { configuration, oidc } = await prepare();
      const verifier = oidc.randomPKCECodeVerifier();
      const pending = { ...request, state: oidc.randomState(), nonce: oidc.randomNonce(), verifier };
      const address = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: request.redirectUri,
        response_mode: 'query',
        scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: CHALLENGE_METHOD,
        // Otherwise Entra signs in whoever is signed in, and there is no way to become somebody else.
        ...(request.claims === undefined ? { prompt: 'select_account' } : { claims: request.claims }),
      });
      return { address, pending };
    },

    async complete(query, pending) {
      const error = query.get('error');
      if (error !== null) {
        const refusal = entraRefusal({ error, error_description: query.get('error_description') });
        throw new SignInFailure('refused', { refusal });
      }
      const { configuration, oidc } = await prepare();
      const callback = new URL(pending.redirectUri);
      callback.search = query.toString();
      const checks = { expectedState: pending.state, expectedNonce: pending.nonce, pkceCodeVerifier: pending.verifier };
      const tokens = await oidc
        .authorizationCodeGrant(configuration, callback, checks, { scope })
        .catch((failure: unknown) => {
          throw asSignInFailure(failure, oidc);
        });
      // It goes to a page: nothing but a JWT may.
      if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(tokens.access_token)) throw new SignInFailure('senseless');
      return tokens.access_token;
    },
  };

  async function prepare() {
    try {
      const oidc = openidClient();
      const { text } = await options.discovery.configuration('v2');
      const authentication = await clientAuthentication(entra);
      const configuration: Configuration = new oidc.Configuration(JSON.parse(text), entra.clientId, {}, authentication);
      // Config lets http be an emulator's only.
      if (entra.authorityHost.startsWith('http:')) oidc.allowInsecureRequests(configuration);
      configuration[oidc.customFetch] = overTransport;
      // The ID token's signature too: it costs one look at Entra's keys.
      oidc.enableNonRepudiationChecks(configuration);
      return { configuration, oidc };
    } catch (cause) {
      if (cause instanceof MissingPackage) throw new SignInFailure('not-installed', { cause });
      if (cause instanceof GatewayError) throw new SignInFailure('unreachable', { cause });
      throw new SignInFailure('credential', { cause });
    }
  }

  /** openid-client's requests, over the gateway's own transport. */
  async function overTransport(...[address, request]: Parameters<CustomFetch>): Promise<Response> {
    const url = new URL(address);
    const budget = startBudget(options.requestTimeoutMs);
    try {
      const answer = await options.transport.send(
        {
          method: request.method === 'POST' ? 'POST' : 'GET',
          origin: url.origin,
          path: url.pathname + url.search,
          headers: request.headers,
          body: request.body === undefined || request.body === null ? undefined : String(request.body),
        },
        { budget },
      );
      const headers = { 'content-type': String(answer.headers['content-type'] ?? '') };
      return new Response(answer.text === '' ? null : answer.text, { status: answer.status, headers });
    } finally {
      budget.close();
    }
  }
}

function asSignInFailure(failure: unknown, oidc: typeof import('openid-client')): SignInFailure {
  if (failure instanceof oidc.ResponseBodyError) {
    const { error, error_description } = failure;
    const { error_codes } = failure.cause;
    return new SignInFailure('refused', { refusal: entraRefusal({ error, error_description, error_codes }) });
  }
  for (let cause = failure; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof HttpFailure) return new SignInFailure('unreachable', { cause });
  }
  // A wrong nonce, issuer or audience, an answer without a token: what was sent is not repeated anywhere.
  return new SignInFailure('senseless');
}
