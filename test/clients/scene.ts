import { expect } from 'vitest';
import { type GatewayOptions, startGateway, type TestGateway } from '../support/gateway.ts';
import { createEmulatorGetToken } from './app/src/emulator-token.ts';
import type { GatewayErrorExtensions } from './app/src/gateway-errors.ts';
import { createGatewayFetch } from './app/src/gateway-fetch.ts';

/** A request as the client library sent it. */
export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  /** Parsed; undefined with GET. */
  readonly body: Record<string, unknown> | undefined;
}

export interface ClientScene {
  readonly gateway: TestGateway;
  /** Where GraphQL is. */
  readonly url: string;
  /** The app's own `fetch`, with the sample user's token. */
  readonly gatewayFetch: typeof fetch;
  /** With the token, and without asking for another one. */
  readonly plainFetch: typeof fetch;
  readonly sent: SentRequest[];
  /** What the person was asked to sign in with. */
  readonly challenges: GatewayErrorExtensions[];
  /** `POST /_emulator/faults`. */
  script(server: 'entra' | 'graph', faults: unknown): Promise<void>;
}

export const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';

/** A gateway on the emulator, and what an app holds of it: an address, and how to get tokens. */
export async function startClientScene(options: GatewayOptions = {}): Promise<ClientScene> {
  const gateway = await startGateway(options);
  const { entra } = gateway.emulator;
  const sent: SentRequest[] = [];
  const challenges: GatewayErrorExtensions[] = [];

  const recording =
    (inner: typeof fetch): typeof fetch =>
    (address, init) => {
      const { method = 'GET', body } = init ?? {};
      sent.push({
        method,
        url: new URL(String(address)),
        body: typeof body === 'string' ? JSON.parse(body) : undefined,
      });
      return inner(address, init);
    };
  const getToken = createEmulatorGetToken(entra.origin);
  const gatewayFetch = createGatewayFetch((challenge) => {
    if (challenge !== undefined) challenges.push(challenge);
    return getToken(challenge);
  });
  const plainFetch: typeof fetch = async (address, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${await getToken()}`);
    return fetch(address, { ...init, headers });
  };
  return {
    gateway,
    url: `${gateway.url}/graphql`,
    gatewayFetch: recording(gatewayFetch),
    plainFetch: recording(plainFetch),
    sent,
    challenges,
    async script(server, faults) {
      const { origin } = gateway.emulator[server];
      const answer = await fetch(`${origin}/_emulator/faults`, { method: 'POST', body: JSON.stringify(faults) });
      expect(answer.status).toBe(204);
    },
  };
}

/** Graph refuses this session wherever it is asked for, alone or inside a batch. */
export const forbidden = (id: string) =>
  [true, false].map((inBatch) => ({
    preset: 'forbidden',
    match: { path: `/RemoteHelpSessionRetrieveResponse/${id}`, inBatch },
  }));
