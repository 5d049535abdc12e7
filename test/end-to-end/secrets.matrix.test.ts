import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { applied, dropConnection, type Fault, repeated } from '../../src/emulator/faults.ts';
import { loadSchemaSource } from '../../src/graphql/schema.ts';
import { type Canaries, createCanaries } from '../support/canaries.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const { sensitiveFields } = loadSchemaSource();
const inputFields = sensitiveFields.filter((name) => name !== 'webClientUri');
const selected = `id deviceName ${sensitiveFields.join(' ')}`;
const updateDocument = `mutation ($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
  updateRemoteHelpSessionResponse(id: $id, input: $input) { remoteHelpSessionResponse { ${selected} } } }`;

let gateway: TestGateway;
let canaries: Canaries;
let input: Record<string, string>;
let written: string[];
const ids = ['first', 'second'].map((name) => `key-${name}`);

beforeEach(async () => {
  canaries = createCanaries();
  written = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    vi.spyOn(console, method).mockImplementation((...parts) => void written.push(parts.map(String).join(' ')));
  }
  gateway = await startGateway({ env: { LOG_LEVEL: 'trace', REQUEST_TIMEOUT_MS: '400' } });
  const { graph, entra } = gateway.emulator;
  graph.sessions.clear();
  for (const id of ids) {
    const secrets = sensitiveFields.map((name) => [name, canaries.plant(`${name} of ${id}`)]);
    graph.sessions.set(id, { deviceName: 'Tablet', sessionType: 'viewScreen', ...Object.fromEntries(secrets) });
  }
  input = Object.fromEntries(inputFields.map((name) => [name, canaries.plant(`${name} in the input`)]));
  canaries.watch('the client secret', entra.clientSecret);
});
afterEach(() => vi.restoreAllMocks());

/** Sends with a token that is a canary as well, and leaves of the answer all but what was asked for. */
async function send(document: string, variables: Record<string, unknown> = {}): Promise<string> {
  const token = gateway.emulator.entra.mintToken();
  canaries.watch('the caller’s token', token.split('.')[2] ?? '');
  canaries.watch('the claims of the caller’s token', token.split('.')[1] ?? '');
  const { headers, body } = await gateway.query(document, { token, variables });
  return JSON.stringify({ headers, ...(typeof body === 'string' ? { body } : { ...body, data: undefined }) });
}

function expectNoCanary(answer: string) {
  for (const { authorization } of gateway.emulator.graph.requests) {
    if (authorization !== undefined) canaries.watch('a token for Graph', authorization.split('.')[2] ?? authorization);
  }
  expect(canaries.foundIn(answer), answer).toEqual([]);
  expect(canaries.foundIn(gateway.logText())).toEqual([]);
  expect(canaries.foundIn(written.join('\n'))).toEqual([]);
}

const operations: Readonly<Record<string, () => Promise<string>>> = {
  read: () => send(`{ remoteHelpSessionResponse(id: "${ids[0]}") { ${selected} } }`),
  batch: () =>
    send('query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { id sessionKey webClientUri } }', { ids }),
  list: () => send(`{ remoteHelpSessionResponses { nodes { ${selected} } edges { cursor } } }`),
  update: () => send(updateDocument, { id: ids[0], input }),
};

const always = (fault: Fault): Fault => repeated(Number.POSITIVE_INFINITY, fault);
/** All that could be quoted back, in one text. */
const everything = () =>
  JSON.stringify([input, [...gateway.emulator.graph.sessions.values()], gateway.emulator.entra.clientSecret]);
const echo = (status: number) => (): Fault =>
  always({
    status,
    body: {
      error: { code: everything(), message: everything(), innerError: { code: everything(), date: everything() } },
    },
  });

const graphFaults: Readonly<Record<string, (() => Fault) | undefined>> = {
  'no fault': undefined,
  ...Object.fromEntries(
    [400, 401, 403, 404, 409, 412, 429, 500, 503].map((status) => [`${status} that quotes`, echo(status)]),
  ),
  'a page that quotes': () => always({ status: 502, body: `<html>${everything()}</html>` }),
  'JSON that breaks off': () =>
    always({ status: 200, headers: { 'Content-Type': 'application/json' }, body: `{"value":${everything()}` }),
  'values of other types': () =>
    always({ status: 200, body: { value: Object.fromEntries(sensitiveFields.map((name) => [name, [everything()]])) } }),
  'a list of other things': () =>
    always({ status: 200, body: { value: [everything(), 7, null], responses: [everything()] } }),
  'a redirect': () =>
    always({ status: 302, headers: { Location: `https://x.example/${encodeURIComponent(everything())}` } }),
  'headers that quote': () =>
    always({ status: 429, headers: { 'Retry-After': everything(), 'request-id': everything() }, body: {} }),
  'a challenge that quotes': () =>
    always({
      status: 401,
      headers: { 'WWW-Authenticate': `Bearer error="insufficient_claims", x="${everything().replaceAll('"', "'")}"` },
      body: {},
    }),
  'a connection that breaks': () => always(dropConnection()),
  'a connection that breaks late': () => always(applied(dropConnection('mid-body'))),
  silence: () => always({ hang: true }),
};

describe.each(Object.entries(operations))('%s', (_operation, run) => {
  it.each(Object.entries(graphFaults))('shows no secret after %s of Graph', async (_name, fault) => {
    if (fault !== undefined) gateway.emulator.graph.respondWith(fault());
    expectNoCanary(await run());
  });
});

describe('Entra', () => {
  const quoting = (more: () => Record<string, unknown>) => () => ({
    status: 400,
    body: { error_description: everything(), correlation_id: everything(), ...more() },
  });
  it.each<[string, () => Fault]>([
    ['a wrong client secret', quoting(() => ({ error: 'invalid_client', error_codes: [7000215] }))],
    ['a refusal of the token', quoting(() => ({ error: 'invalid_grant', error_codes: [50013] }))],
    [
      'a wish for consent',
      quoting(() => ({ error: 'invalid_grant', error_codes: [65001], suberror: 'consent_required' })),
    ],
    ['an error nobody knows', quoting(() => ({ error: everything(), suberror: everything() }))],
    ['a page', () => ({ status: 500, body: `<html>${everything()}</html>` })],
    ['nonsense', () => ({ status: 200, headers: { 'Content-Type': 'application/json' }, body: `{"${everything()}` })],
    [
      'an answer without a token',
      () => ({ status: 200, body: { access_token: [everything()], expires_in: everything() } }),
    ],
    ['a broken connection', () => dropConnection()],
    ['silence', () => ({ hang: true })],
  ])('shows no secret after %s', async (_name, fault) => {
    gateway.emulator.entra.respondWith(always({ ...fault(), match: { path: /\/token$/ } }));
    expectNoCanary((await operations.update?.()) ?? '');
    expectNoCanary((await operations.read?.()) ?? '');
  });

  it('shows no secret when its documents are not to be had', async () => {
    gateway.emulator.entra.respondWith(always({ status: 500, body: everything() }));
    expectNoCanary((await operations.read?.()) ?? '');
  });
});

describe('requests that are refused', () => {
  it.each<[string, () => Promise<string>]>([
    [
      'variables of a wrong type',
      () => send(updateDocument, { id: ids[0], input: { ...input, deviceName: Object.values(input) } }),
    ],
    ['a value where no field is', () => send(updateDocument, { id: ids[0], input: { ...input, nothing: input } })],
    [
      'a wrong date beside secrets',
      () => send(updateDocument, { id: ids[0], input: { ...input, sessionExpirationDateTime: 'soon' } }),
    ],
    [
      'literals of a wrong type',
      () => send(updateDocument.replace('$input)', `[${Object.values(input).map((each) => `"${each}"`)}])`)),
    ],
    ['text that is not GraphQL', () => send(`{ x(a: "${Object.values(input).join(' ')}`)],
    ['a name that quotes', () => send(`query ($a: Int = "${Object.values(input)[0]}") { __typename }`)],
    ['an id that is too long', () => send(updateDocument, { id: Object.values(input).join('').repeat(9), input })],
  ])('show no secret: %s', async (_name, run) => {
    expectNoCanary(await run());
  });

  it.each<[string, (secret: string) => Parameters<TestGateway['http']>]>([
    [
      'malformed JSON',
      (secret) => [
        '/graphql',
        { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"a":"${secret}" x` },
      ],
    ],
    ['another scheme', (secret) => ['/graphql', { method: 'POST', headers: { authorization: `Basic ${secret}` } }]],
    [
      'a token that is none',
      (secret) => ['/graphql', { method: 'POST', headers: { authorization: `Bearer ${secret}` } }],
    ],
    [
      'a header that quotes',
      (secret) => ['/graphql', { method: 'POST', headers: { 'x-request-id': `<${secret}>`, cookie: secret } }],
    ],
    ['an address that is not there', (secret) => [`/${secret}?token=${secret}`, {}]],
    ['an address that cannot be decoded', (secret) => [`/%zz${secret}`, {}]],
    [
      'a media type that quotes',
      (secret) => ['/graphql', { method: 'POST', headers: { 'content-type': secret }, body: 'x' }],
    ],
  ])('show no secret: %s', async (_name, request) => {
    const { headers, body } = await gateway.http(...request(canaries.plant('the request')));
    expectNoCanary(JSON.stringify({ headers, body }));
  });
});

it('would find one: the answer to a read does hold them', async () => {
  const { body } = await gateway.query(`{ remoteHelpSessionResponse(id: "${ids[0]}") { ${selected} } }`);
  expect(canaries.foundIn(JSON.stringify(body))).toHaveLength(sensitiveFields.length);
});
