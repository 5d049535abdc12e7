import { pino } from 'pino';
import { GatewayError } from '../../src/errors.ts';
import { createApollo } from '../../src/graphql/apollo.ts';
import type { GatewayRequest, RequestContext } from '../../src/graphql/context.ts';
import { createContextFactory } from '../../src/graphql/create-context.ts';
import { createDocumentGate } from '../../src/graphql/documents/document-gate.ts';
import { findPersistedText } from '../../src/graphql/documents/find-text.ts';
import { createKnownOperations } from '../../src/graphql/documents/known-operations.ts';
import { createPersistedQueryCache } from '../../src/graphql/documents/persisted-queries.ts';
import { createGraphQLHandler } from '../../src/graphql/graphql-handler.ts';
import type { GraphQLHttpAnswer } from '../../src/graphql/graphql-http.ts';
import { loadSchemaSource } from '../../src/graphql/schema.ts';
import { startBudget } from '../../src/http/budget.ts';
import {
  type RemoteHelpSession,
  readSession,
  type SessionResult,
} from '../../src/msgraph/sessions/remote-help-session.ts';
import { startOperationRecord } from '../../src/observability/operation-record.ts';

/** The GraphQL side of the gateway, whole, on a Graph that is a table. `asked` says what was asked of it. */
export interface HandlerScene {
  /** What Graph was asked since the last call, each sorted. */
  asked(): string[];
  /** How many requests went to Apollo. */
  apolloRequests(): number;
  createContext(): RequestContext;
  post(body: Record<string, unknown>, headers?: Record<string, string>): Promise<GraphQLHttpAnswer>;
  readonly logged: string[];
}

const broken = new GatewayError('UPSTREAM_UNAVAILABLE', 'the value makes no sense');
const forbidden = (id: string) => new GatewayError('FORBIDDEN', `not yours: ${id}`);

/** `none` is not found, `fails` is refused, `broken-id` and `broken-key` have a senseless value; all others are there. */
function sessionOf(id: string): SessionResult {
  if (id === 'none') return null;
  if (id === 'fails') return forbidden(id);
  const session: RemoteHelpSession = readSession(id, {
    deviceName: `device of ${id}`,
    sessionKey: `key of ${id}`,
    acsGroupId: `group of ${id}`,
    sessionType: 'viewScreen,elevation',
    sessionExpirationDateTime: '2016-12-31T23:59:57.5564522-08:00',
  });
  if (id === 'broken-id') return { ...session, id: broken };
  return id === 'broken-key' ? { ...session, sessionKey: broken } : session;
}

function changed(id: string): RemoteHelpSession {
  const session = sessionOf(id);
  if (session === null || session instanceof GatewayError) throw forbidden(id).with({ outcome: 'NOT_APPLIED' });
  return session;
}

export async function createHandlerScene(): Promise<HandlerScene> {
  let asked: string[] = [];
  const logged: string[] = [];
  const ask = (what: string, ...about: unknown[]) => asked.push(`${what} ${JSON.stringify(about)}`);
  const createContext = createContextFactory({
    entra: {} as never,
    exchange: () => 'a token',
    reader: {
      async read(reads) {
        for (const { id, properties } of reads) ask('read', id, [...properties].sort());
        return reads.map(({ id }) => sessionOf(id));
      },
      async readRaw() {
        throw new Error('not asked for here');
      },
    },
    async readPage({ first, after, properties }) {
      ask('list', first, after ?? null, [...properties].sort());
      const entries = ['a', 'broken-id', 'fails', 'b'].map((id) => ({ cursor: `cursor ${id}`, node: sessionOf(id) }));
      return { entries, hasNextPage: true, hasPreviousPage: false, endCursor: 'b' };
    },
    writes: {
      async update({ id, input, properties }) {
        ask('update', id, input, [...properties].sort());
        return changed(id);
      },
      async create({ input, properties }) {
        ask('create', input, [...properties].sort());
        return changed(String(input.sessionKey));
      },
      async delete({ id }) {
        ask('delete', id);
        changed(id);
        return id;
      },
    },
    lines: { audit: () => undefined },
    sensitiveFields: [],
  });
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });
  const known = createKnownOperations();
  const persisted = createPersistedQueryCache();
  const apollo = createApollo({
    production: false,
    schema: loadSchemaSource(),
    known,
    persistedQueries: persisted,
    logger: log,
  });
  await apollo.start();
  let apolloRequests = 0;
  const execute = apollo.executeHTTPGraphQLRequest.bind(apollo);
  apollo.executeHTTPGraphQLRequest = (request) => {
    apolloRequests += 1;
    return execute(request);
  };
  const documents = createDocumentGate(undefined);
  const handler = createGraphQLHandler({
    apollo,
    createContext,
    documents,
    findText: findPersistedText(persisted),
    known,
  });

  function request(): GatewayRequest {
    const budget = startBudget(10_000);
    budget.close();
    const record = startOperationRecord();
    return { caller, authorization: 'Bearer a', requestId: 'id', budget, record, log, traceHeaders: {} };
  }
  return {
    asked() {
      const all = asked.sort();
      asked = [];
      return all;
    },
    apolloRequests: () => apolloRequests,
    createContext: () => createContext(request()),
    post: async (body, headers) =>
      handler(
        { method: 'POST', url: '/graphql', headers: { 'content-type': 'application/json', ...headers }, body },
        request(),
      ),
    logged,
  };
}

const caller = {
  tenantId: 't',
  objectId: 'o',
  clientApp: undefined,
  key: 't o',
  logHash: 'hash',
  expiresAt: Number.MAX_SAFE_INTEGER,
  tokenHash: 'hash-of-token',
};
