import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@theguild/federation-composition';
import { graphql, parse } from 'graphql';
import { onTestFinished } from 'vitest';
import type { GraphQLAnswer, QueryOptions, TestGateway } from './gateway.ts';

/** Another team's subgraph: devices, with the sessions that they were in. It has a PageInfo of its own, as all have. */
export const devicesSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Query { devices(first: Int!, from: Int = 1): [Device!]! deviceLog: DeviceLog! }
  type Device @key(fields: "name") { name: ID! session: RemoteHelpSessionResponse }
  type RemoteHelpSessionResponse @key(fields: "id", resolvable: false) { id: ID! }
  type DeviceLog { pageInfo: PageInfo! }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
`;

const devicesResolvers = {
  Query: {
    devices: (_root: unknown, { first, from }: { first: number; from: number }) =>
      Array.from({ length: first }, (_, index) => ({
        name: `device-${from + index}`,
        session: { id: `session-${from + index}` },
      })),
    deviceLog: () => ({
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    }),
  },
};

/** By a name that TypeScript does not follow: its types declare, for all of this project, that graphql-js has what it has not. */
const HIVE_GATEWAY: string = '@graphql-hive/gateway-runtime';

/** What is used of it. */
interface HiveGateway {
  createGatewayRuntime(config: {
    readonly supergraph: string;
    readonly logging: boolean;
    readonly propagateHeaders: {
      fromClientToSubgraphs(of: { readonly request: Request }): Record<string, string | null>;
      fromSubgraphsToClient(of: { readonly response: Response }): Record<string, string | null>;
    };
  }): { fetch(url: string, init: RequestInit): Promise<Response>; dispose(): Promise<void> };
}

export interface Router {
  /** A request of a client to the router. */
  query(document: string, options?: Pick<QueryOptions, 'variables' | 'token' | 'headers'>): Promise<GraphQLAnswer>;
  readonly supergraph: string;
}

/** Composes the gateway's subgraph with the other one. @throws Error with all that does not fit */
export function compose(
  sessionsSdl: string,
  urls = { sessions: 'http://sessions/graphql', devices: 'http://devices/' },
) {
  const { supergraphSdl, publicSdl, errors } = composeServices([
    { name: 'sessions', url: urls.sessions, typeDefs: parse(sessionsSdl) },
    { name: 'devices', url: urls.devices, typeDefs: parse(devicesSdl) },
  ]);
  if (supergraphSdl === undefined) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return { supergraphSdl, publicSdl };
}

/** A real router (Hive Gateway) over both subgraphs, each behind HTTP, set up as docs/federation.md says. */
export async function startRouter(gateway: TestGateway): Promise<Router> {
  const token = await gateway.emulator.entra.mintToken();
  const sdl = await gateway.query('{ _service { sdl } }', { token });
  const devices = await startDevices();
  const { supergraphSdl } = compose(sdl.body.data._service.sdl, { sessions: `${gateway.url}/graphql`, devices });
  const { createGatewayRuntime } = (await import(HIVE_GATEWAY)) as HiveGateway;
  const runtime = createGatewayRuntime({
    supergraph: supergraphSdl,
    logging: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => ({
        authorization: request.headers.get('authorization'),
        traceparent: request.headers.get('traceparent'),
      }),
      fromSubgraphsToClient: ({ response }) => ({ 'www-authenticate': response.headers.get('www-authenticate') }),
    },
  });
  onTestFinished(async () => {
    await runtime.dispose();
  });
  return {
    supergraph: supergraphSdl,
    async query(document, { variables, token: given = token, headers } = {}) {
      const answer = await runtime.fetch('http://router/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(given !== null && { authorization: `Bearer ${given}` }),
          ...headers,
        },
        body: JSON.stringify({ query: document, variables }),
      });
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.json() };
    },
  };
}

/** @returns its address */
async function startDevices(): Promise<string> {
  const schema = buildSubgraphSchema([{ typeDefs: parse(devicesSdl), resolvers: devicesResolvers }]);
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { query, variables, operationName } = JSON.parse(Buffer.concat(chunks).toString());
    const answer = await graphql({ schema, source: query, variableValues: variables, operationName });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
