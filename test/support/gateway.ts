import { Agent, request } from 'undici';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { loadSchemaSource } from '../../src/graphql/schema.ts';
import { createLog } from '../../src/observability/log/create-log.ts';
import { buildServer, type GatewayServer, type ServerDependencies } from '../../src/server.ts';

export interface GraphQLAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what each test asserts
  readonly body: any;
}

export interface QueryOptions {
  readonly variables?: Record<string, unknown>;
  /** An access token; null sends none; by default one of the sample user. */
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  readonly operationName?: string;
  readonly extensions?: Record<string, unknown>;
}

export interface TestGateway {
  readonly url: string;
  readonly emulator: Emulator;
  readonly server: GatewayServer;
  /** Every log line so far, parsed. */
  logs(): Record<string, unknown>[];
  logText(): string;
  /** POST /graphql over a real socket. */
  query(document: string, options?: QueryOptions): Promise<GraphQLAnswer>;
  /** Any HTTP request to the gateway. */
  http(path: string, options?: Parameters<typeof request>[1]): Promise<GraphQLAnswer>;
}

export interface GatewayOptions {
  /** Settings beside the emulator's. An empty text unsets one. */
  readonly env?: Record<string, string>;
  /** An emulator that the test already has; else one is started. */
  readonly emulator?: Emulator;
  readonly dependencies?: Partial<ServerDependencies>;
}

/** The id of requests that are none of a test's own: their log lines are left out. */
const MAKES_KNOWN = 'makes-a-document-known';

/**
 * Lets Apollo see a document once, and the media type that the tests accept. Nobody accepts what the first request
 * accepts, so nothing runs.
 */
async function makeKnown(http: TestGateway['http'], query: string, token: string): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    'x-request-id': MAKES_KNOWN,
  };
  const body = JSON.stringify({ query });
  await http('/graphql', { method: 'POST', headers: { ...headers, accept: 'text/plain' }, body });
  await http('/graphql', { method: 'POST', headers, body: JSON.stringify({ query: '{ __typename }' }) });
}

/** A gateway on a free port in front of an emulator; both end with the test. */
export async function startGateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const emulator = options.emulator ?? (await startEmulator());
  const lines: string[] = [];
  const keep = (line: string): undefined => {
    if (!line.includes(MAKES_KNOWN)) lines.push(line);
  };
  const env = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'trace', ...emulator.env, ...options.env };
  const config = loadConfig(env);
  const schema = loadSchemaSource();
  const log = createLog({
    level: config.logLevel,
    sensitiveFields: schema.sensitiveFields,
    secrets: [emulator.entra.clientSecret],
    output: { write: keep, writeNow: keep },
  });
  const server = await buildServer(config, { ...log, schema, random: () => 0, ...options.dependencies });
  const url = await server.app.listen({ port: config.port, host: config.host });
  const agent = new Agent();
  onTestFinished(async () => {
    await agent.destroy();
    await server.app.close();
    if (options.emulator === undefined) await emulator.close();
  });

  const http: TestGateway['http'] = async (path, init) => {
    const answer = await request(`${url}${path}`, { dispatcher: agent, ...init });
    const text = await answer.body.text();
    const isJson = /json/.test(String(answer.headers['content-type']));
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  };
  return {
    url,
    emulator,
    server,
    logs: () => lines.map((line) => JSON.parse(line)),
    logText: () => lines.join(''),
    http,
    async query(document, { variables, token, headers, operationName, extensions } = {}) {
      const bearer = token === undefined ? await emulator.entra.mintToken() : token;
      if (process.env.DOCUMENTS_KNOWN === 'true' && bearer !== null) await makeKnown(http, document, bearer);
      return http('/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
          ...headers,
        },
        body: JSON.stringify({ query: document, variables, operationName, extensions }),
      });
    },
  };
}
