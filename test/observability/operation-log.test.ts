import { request } from 'undici';
import { describe, expect, it, vi } from 'vitest';
import {
  dropConnection,
  entraError,
  type Fault,
  forRequests,
  graphError,
  hang,
  throttled,
} from '../../src/emulator/faults.ts';
import { startGateway } from '../support/gateway.ts';
import { operationLine } from './log/operation-line.ts';

const ONE = 'query One { remoteHelpSessionResponse(id: "session-1") { deviceName } }';
const TWO = '{ remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { deviceName } }';
const UPDATE = `mutation Change { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "Tablet" }) {
  remoteHelpSessionResponse { deviceName } } }`;

const anyNumber = expect.any(Number);
const requestId = expect.stringMatching(/^[\w-]{8,64}$/);
/** What a line says of an operation that went well with its first call. */
const well = {
  type: 'query',
  status: 200,
  code: 'OK',
  codes: [],
  caller: expect.stringMatching(/^[\w-]{16}$/),
  durationMs: anyNumber,
  graphCalls: 1,
  graphMs: anyNumber,
  graphRequestIds: [requestId],
  entraCalls: 1,
  exchangeMs: anyNumber,
  retries: 0,
  waitMs: 0,
  tokenCacheHits: 0,
  tokenCacheMisses: 1,
};

interface Case {
  readonly what: string;
  readonly document: string;
  readonly graph?: Fault[];
  readonly entra?: Fault[];
  readonly token?: null;
  readonly extensions?: Record<string, unknown>;
  readonly env?: Record<string, string>;
  readonly line: Record<string, unknown>;
}

const cases: Case[] = [
  { what: 'a read', document: ONE, line: { ...well, operation: 'One' } },
  { what: 'an update', document: UPDATE, line: { ...well, operation: 'Change', type: 'mutation' } },
  { what: 'a batch of two', document: TWO, line: well },
  {
    what: 'a read that Graph throttled and answered after a wait',
    document: ONE,
    graph: [throttled()],
    line: { ...well, operation: 'One', graphCalls: 2, graphRequestIds: [requestId, requestId], retries: 1 },
  },
  {
    what: 'a wait for Graph that does not fit',
    document: ONE,
    graph: [throttled(60)],
    line: { ...well, operation: 'One', code: 'THROTTLED', codes: ['THROTTLED'] },
  },
  {
    what: 'a connection to Graph that broke in an update',
    document: UPDATE,
    graph: [forRequests({ method: 'PATCH' }, dropConnection())],
    line: {
      ...well,
      operation: 'Change',
      type: 'mutation',
      code: 'UPSTREAM_UNAVAILABLE',
      codes: ['UPSTREAM_UNAVAILABLE'],
      graphCalls: 2,
      tokenCacheHits: 1,
    },
  },
  {
    what: 'a user who must consent',
    document: ONE,
    entra: [forRequests({ method: 'POST' }, entraError(65001, { suberror: 'consent_required' }))],
    line: {
      ...well,
      operation: 'One',
      status: 401,
      code: 'INTERACTION_REQUIRED',
      codes: ['INTERACTION_REQUIRED'],
      graphCalls: 0,
      graphMs: 0,
      graphRequestIds: [],
    },
  },
  {
    what: 'an exchange that Entra throttled once',
    document: ONE,
    entra: [forRequests({ method: 'POST' }, throttled())],
    line: { ...well, operation: 'One', entraCalls: 2, retries: 1 },
  },
  {
    what: 'an exchange whose connection broke',
    document: ONE,
    entra: [forRequests({ method: 'POST' }, dropConnection())],
    line: { ...well, operation: 'One', entraCalls: 2, retries: 1 },
  },
  {
    what: 'one error of two in a batch',
    document: TWO,
    graph: [forRequests({ inBatch: true, path: /session-2$/ }, graphError(403, 'Forbidden'))],
    line: { ...well, code: 'FORBIDDEN', codes: ['FORBIDDEN'] },
  },
];

const refused: Case[] = [
  {
    what: 'no token',
    document: ONE,
    token: null,
    line: { status: 401, code: 'UNAUTHENTICATED', codes: ['UNAUTHENTICATED'] },
  },
  { what: 'no GraphQL', document: '{', line: { status: 400, code: 'GRAPHQL_PARSE_FAILED' } },
  { what: 'an unknown field', document: '{ x }', line: { status: 400, code: 'GRAPHQL_VALIDATION_FAILED' } },
  {
    what: 'a document over a limit',
    document: `{ ${'{ a '.repeat(200)} ${'}'.repeat(200)} }`.replace('{ {', '{ a {'),
    line: { status: 400, code: 'GRAPHQL_VALIDATION_FAILED', codes: ['GRAPHQL_VALIDATION_FAILED'] },
  },
  { what: 'a subscription', document: 'subscription { x }', line: { code: 'BAD_USER_INPUT' } },
  {
    what: 'a persisted query with a wrong hash',
    document: ONE,
    extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } },
    line: { status: 400, code: 'BAD_USER_INPUT' },
  },
  { what: 'an empty document', document: '', line: { status: 400, code: 'BAD_REQUEST' } },
];

describe('one line tells what happened', () => {
  it.each(cases)('$what', async ({ document, graph = [], entra = [], line }) => {
    const gateway = await startGateway({ dependencies: { random: () => 0.02 } });
    gateway.emulator.graph.respondWith(graph);
    gateway.emulator.entra.respondWith(entra);
    await gateway.query(document);
    const { waitMs, ...written } = await operationLine(gateway);
    const { waitMs: none, ...expected } = line;
    expect(written).toMatchObject(expected);
    if (line.retries === 1) expect(waitMs).toBeGreaterThan(0);
    else expect(waitMs).toBe(none);
  });

  it.each(refused)('$what', async ({ document, token, extensions, line }) => {
    const gateway = await startGateway();
    await gateway.query(document, {
      ...(token === null && { token }),
      ...(extensions !== undefined && { extensions }),
    });
    expect(await operationLine(gateway)).toMatchObject({ ...line, graphCalls: 0, entraCalls: 0, retries: 0 });
    expect(gateway.logs().filter(({ level }) => Number(level) > 30)).toStrictEqual([]);
  });

  it('a client that has gone', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(hang());
    const hangUp = new AbortController();
    const answer = request(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await gateway.emulator.entra.mintToken()}`,
      },
      body: JSON.stringify({ query: ONE }),
      signal: hangUp.signal,
    });
    await vi.waitFor(() => expect(gateway.emulator.graph.requests).toHaveLength(1));
    hangUp.abort();
    await expect(answer).rejects.toThrow();
    expect(await operationLine(gateway)).toMatchObject({ code: 'CLIENT_GONE', clientGone: true, graphCalls: 1 });
  });

  it('a caller over the limit', async () => {
    const gateway = await startGateway({ env: { RATE_LIMIT_PER_MINUTE: '1' } });
    await gateway.query(ONE);
    await gateway.query(ONE);
    expect(await operationLine(gateway, 2)).toMatchObject({ status: 429, code: 'RATE_LIMITED', graphCalls: 0 });
  });

  it('the second operation of a caller, whose token is at hand', async () => {
    const gateway = await startGateway();
    const token = await gateway.emulator.entra.mintToken();
    await gateway.query(ONE, { token });
    await gateway.query(ONE, { token });
    const line = { ...well, operation: 'One', entraCalls: 0, exchangeMs: 0, tokenCacheHits: 1, tokenCacheMisses: 0 };
    expect(await operationLine(gateway, 2)).toMatchObject(line);
  });
});

it('a line never grows with the operation name', async () => {
  const gateway = await startGateway();
  await gateway.query(`query ${'N'.repeat(60_000)} { __typename }`);
  expect((await operationLine(gateway)).operation).toBe('N'.repeat(128));
});

it('a line names the trace that the client is in', async () => {
  const gateway = await startGateway();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await gateway.query(ONE, { headers: { traceparent } });
  expect(await operationLine(gateway)).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c' });
  await gateway.query(ONE);
  expect(await operationLine(gateway, 2)).not.toHaveProperty('traceId');
});
