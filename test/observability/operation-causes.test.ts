import { describe, expect, it } from 'vitest';
import { entraError, type Fault, forRequests, graphError, repeated } from '../../src/emulator/faults.ts';
import { startGateway } from '../support/gateway.ts';
import { operationLine } from './log/operation-line.ts';

const ONE = '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }';
const post = (fault: Fault) => forRequests({ method: 'POST' }, repeated(9, fault));

interface Case {
  readonly what: string;
  readonly env?: Record<string, string>;
  readonly entra?: Fault;
  readonly graph?: Fault;
  readonly token?: Record<string, unknown>;
  readonly causes: RegExp;
}

const cases: Case[] = [
  { what: "Graph's refusal", graph: graphError(403, 'Forbidden'), causes: /^graph 403 Forbidden$/ },
  {
    what: 'an Entra that does not listen',
    env: { AZURE_AUTHORITY_HOST: 'http://127.0.0.1:9' },
    causes: /ECONNREFUSED/,
  },
  {
    what: 'an Entra whose name is not known',
    env: { AZURE_AUTHORITY_HOST: 'https://entra.invalid' },
    causes: /ENOTFOUND|EAI_AGAIN/,
  },
  {
    what: 'a wrong secret',
    entra: entraError(7000215, { error: 'invalid_client' }),
    causes: /AADSTS7000215.*AZURE_CLIENT_SECRET/,
  },
  { what: 'a path that Graph does not know', env: { GRAPH_SESSIONS_PATH: 'Nothing' }, causes: /GRAPH_SESSIONS_PATH/ },
  { what: 'a token for somebody else', token: { aud: 'somebody-else' }, causes: /\baud\b/ },
  { what: 'a token that has expired', token: { exp: 1 }, causes: /\bexp\b|ERR_JWT_EXPIRED/ },
];

describe("an operation's line names the cause of its failure at level info", () => {
  it.each(cases)('$what', async ({ env = {}, entra, graph, token, causes }) => {
    const gateway = await startGateway({ env: { LOG_LEVEL: 'info', REQUEST_TIMEOUT_MS: '3000', ...env } });
    if (entra !== undefined) gateway.emulator.entra.respondWith(post(entra));
    if (graph !== undefined) gateway.emulator.graph.respondWith(graph);
    await gateway.query(ONE, token === undefined ? {} : { token: gateway.emulator.entra.mintToken(token) });
    const line = await operationLine(gateway);
    expect(line.causes).toEqual(expect.arrayContaining([expect.stringMatching(causes)]));
  });
});
