import fc from 'fast-check';
import { type ExecutionResult, execute, type GraphQLError, getOperationAST, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { checkOperation, type Variables } from '../../../src/graphql/execution/check-operation.ts';
import { executeOperation } from '../../../src/graphql/execution/execute-operation.ts';
import { prepareOperation } from '../../../src/graphql/execution/prepare-operation.ts';
import { codeOf, formatExecutionError } from '../../../src/graphql/format-error.ts';
import { executableSchema } from '../../support/executable-schema.ts';
import { createHandlerScene } from '../../support/handler-scene.ts';

const schema = executableSchema();
const USES = 12;

/** Each name of the answer stands for one field, so that fields may meet in any number and still merge. */
const SESSION_FIELDS = [
  'id',
  'deviceName',
  'sessionKey',
  'sessionTypes',
  'sessionExpirationDateTime',
  '__typename',
  'again: sessionKey',
  '__proto__: acsGroupId',
  'constructor: deviceName',
  'toString: sessionType',
  'kind: __typename',
];
const session = (field: string) => ({ field, below: 'session' }) as const;
const QUERY_FIELDS = [
  session('remoteHelpSessionResponse(id: "a")'),
  session('b: remoteHelpSessionResponse(id: "b")'),
  session('same: remoteHelpSessionResponse(id: $id)'),
  session('none: remoteHelpSessionResponse(id: "none")'),
  session('fails: remoteHelpSessionResponse(id: "fails")'),
  session('__proto__: remoteHelpSessionResponse(id: "broken-id")'),
  session('constructor: remoteHelpSessionResponse(id: "broken-key")'),
  session('defaulted: remoteHelpSessionResponse(id: $withDefault)'),
  session('remoteHelpSessionResponsesById(ids: $ids)'),
  session('some: remoteHelpSessionResponsesById(ids: ["a", $id, "fails", "broken-id"])'),
  { field: 'remoteHelpSessionResponses(first: $first, after: $after)', below: 'connection' },
  { field: 'page: remoteHelpSessionResponses(first: 0)', below: 'connection' },
  { field: '__typename', below: undefined },
  { field: '__schema', below: 'schema' },
] as const;
const MUTATION_FIELDS = [
  { field: 'one: updateRemoteHelpSessionResponse(id: "a", input: { deviceName: "x" })', below: 'payload' },
  { field: 'two: updateRemoteHelpSessionResponse(id: $id, input: $input)', below: 'payload' },
  { field: 'three: updateRemoteHelpSessionResponse(id: "fails", input: { acsGroupId: $name })', below: 'payload' },
  { field: 'four: updateRemoteHelpSessionResponse(id: $withDefault, input: { sessionKey: null })', below: 'payload' },
  { field: 'made: createRemoteHelpSessionResponse(input: $new)', below: 'payload' },
  { field: 'kept: createRemoteHelpSessionResponse(input: { sessionKey: $id, deviceName: $name })', below: 'payload' },
  { field: 'gone: deleteRemoteHelpSessionResponse(id: $id)', below: 'deleted' },
  { field: 'left: deleteRemoteHelpSessionResponse(id: "fails")', below: 'deleted' },
  { field: '__typename', below: undefined },
] as const;
const VARIABLE_TYPES: Readonly<Record<string, string>> = {
  yes: 'Boolean!',
  no: 'Boolean!',
  maybe: 'Boolean = true',
  id: 'ID!',
  ids: '[ID!]!',
  withDefault: 'ID = "b"',
  first: 'Int',
  after: 'String',
  name: 'String',
  input: 'UpdateRemoteHelpSessionResponseInput!',
  new: 'CreateRemoteHelpSessionResponseInput!',
};

const ids = fc.constantFrom('a', 'b', 'none', 'fails', 'broken-id', 'broken-key');
const variables = fc.record(
  {
    yes: fc.boolean(),
    no: fc.boolean(),
    maybe: fc.boolean(),
    id: ids,
    ids: fc.array(ids, { maxLength: 5 }),
    withDefault: fc.oneof(ids, fc.constant(null)),
    first: fc.constantFrom(null, 0, 5, 101),
    after: fc.constantFrom(null, 'cursor'),
    name: fc.constantFrom(null, 'a name'),
    input: fc.constantFrom({ deviceName: 'd' }, { deviceName: null, acsGroupId: 'g' }),
    new: fc.record({ sessionKey: ids }),
  },
  { requiredKeys: ['yes', 'no', 'id', 'ids', 'input', 'new'] },
);
const condition = fc.constantFrom('true', 'false', '$yes', '$no', '$maybe');

/** Half of the documents have no directives at all: those take another way through the code. */
function directives(allowed: boolean) {
  if (!allowed) return fc.constant('');
  return fc
    .tuple(fc.option(condition, { freq: 2 }), fc.option(condition, { freq: 2 }), fc.boolean())
    .map(([include, skip, turned]) => {
      const both = [include === null ? '' : `@include(if: ${include})`, skip === null ? '' : `@skip(if: ${skip})`];
      return (turned ? both.reverse() : both).join(' ');
    });
}

/** Selections of one type as text: fields, inline fragments and spreads of the fragments with these names. */
function selections(type: string, fields: fc.Arbitrary<string>, fragments: readonly string[], conditional: boolean) {
  const { set } = fc.letrec<{ set: string; selection: string }>((tie) => ({
    set: fc.array(tie('selection'), { minLength: 1, maxLength: 5 }).map((each) => each.join(' ')),
    selection: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { arbitrary: fields, weight: 4 },
      ...fragments.map((name) => directives(conditional).map((rest) => `...${name} ${rest}`)),
      fc
        .tuple(fc.boolean(), directives(conditional), tie('set'))
        .map(([typed, rest, inner]) => `... ${typed ? `on ${type}` : ''} ${rest} { ${inner} }`),
    ),
  }));
  return set;
}

interface Field {
  readonly field: string;
  readonly below: string | undefined;
}

function documents(conditional: boolean, operation: 'query' | 'mutation', rootFields: readonly Field[]) {
  const rest = directives(conditional);
  const plain = (...names: string[]) => fc.tuple(fc.constantFrom(...names), rest).map((parts) => parts.join(' '));
  // Each fragment opens only those behind it: a circle is no valid document.
  const F = ['F0', 'F1', 'F2'];
  const sessionSet = (from: number) =>
    selections('RemoteHelpSessionResponse', plain(...SESSION_FIELDS), F.slice(from), conditional);
  const inner = sessionSet(0);
  const below: Readonly<Record<string, fc.Arbitrary<string>>> = {
    session: inner,
    payload: fc.tuple(inner, rest).map(([set, each]) => `remoteHelpSessionResponse ${each} { ${set} } __typename`),
    deleted: rest.map((each) => `deletedId ${each} again: deletedId __typename`),
    schema: fc.constant('queryType { name }'),
    connection: fc
      .tuple(inner, inner, rest)
      .map(
        ([nodes, node, each]) =>
          `nodes ${each} { ${nodes} } edges { cursor node { ${node} } } pageInfo { hasNextPage ${each} endCursor } __typename`,
      ),
  };
  const roots = fc
    .constantFrom(...rootFields)
    .chain(({ field, below: name }) =>
      fc
        .tuple(rest, name === undefined ? fc.constant('') : (below[name] as fc.Arbitrary<string>))
        .map(([each, set]) => `${field} ${each} ${set === '' ? '' : `{ ${set} }`}`),
    );
  const rootType = operation === 'query' ? 'Query' : 'Mutation';
  return fc
    .record({
      root: selections(rootType, roots, ['R0', 'R1'], conditional),
      R0: selections(rootType, roots, ['R1'], conditional),
      R1: selections(rootType, roots, [], conditional),
      F0: sessionSet(1),
      F1: sessionSet(2),
      F2: sessionSet(3),
    })
    .map(({ root, ...fragments }) => wholeDocument(operation, rootType, root, fragments));
}

/** With the fragments and variables that are used, and no others: those are no valid document. */
function wholeDocument(operation: string, rootType: string, root: string, fragments: Record<string, string>): string {
  const used = new Set<string>();
  const open = (text: string) => {
    for (const [, name = ''] of text.matchAll(/\.\.\.([FR]\d)/g)) {
      if (used.has(name)) continue;
      used.add(name);
      open(fragments[name] ?? '');
    }
  };
  open(root);
  const written = [...used].map((name) => {
    const type = name.startsWith('R') ? rootType : 'RemoteHelpSessionResponse';
    return `fragment ${name} on ${type} { ${fragments[name]} }`;
  });
  const text = [root, ...written].join('\n');
  const names = new Set([...text.matchAll(/\$(\w+)/g)].map(([, name = '']) => name));
  const definitions = [...names].map((name) => `$${name}: ${VARIABLE_TYPES[name]}`).join(', ');
  return `${operation} ${names.size === 0 ? '' : `(${definitions})`} { ${root} }\n${written.join('\n')}`;
}

const anyDocument = fc.oneof(
  documents(false, 'query', QUERY_FIELDS),
  documents(true, 'query', QUERY_FIELDS),
  documents(false, 'mutation', MUTATION_FIELDS),
  documents(true, 'mutation', MUTATION_FIELDS),
);

it('a document answers as graphql-js does, and asks the same of Graph, however often it is sent', async () => {
  const scene = await createHandlerScene();
  let executed = 0;
  await fc.assert(
    fc.asyncProperty(anyDocument, variables, variables, async (text, some, others) => {
      const document = parse(text);
      if (validate(schema, document).length > 0) return;
      const before = scene.apolloRequests();
      for (let use = 1; use <= USES; use += 1) {
        const variableValues = use % 2 === 1 ? some : others;
        const expected = await execute({ schema, document, contextValue: scene.createContext(), variableValues });
        const expectedAsked = scene.asked();
        const { status, body } = await scene.post({ query: text, variables: variableValues });
        const answer = JSON.parse(body);
        // What the limits refuse is none of graphql-js's business.
        if (status === 400) {
          expect(answer.data).toBeUndefined();
          expect(answer.errors[0].message).toMatch(/at most \d+ are allowed/);
          return;
        }
        executed += 1;
        expect(answer.data).toEqual(plain(expected.data));
        expect(sorted(answer.errors?.map(seen) ?? [])).toEqual(sorted(expected.errors?.map(meant) ?? []));
        expect(scene.asked()).toEqual(expectedAsked);
        if (use > 1) expect(body.startsWith('{"errors"') || body.startsWith('{"data"')).toBe(true);
      }
      expect(scene.apolloRequests() - before, 'requests that Apollo saw').toBeLessThanOrEqual(1);
    }),
    { numRuns: 250 },
  );
  expect(executed).toBeGreaterThan(1_000);
});

it('an answer over a limit is refused at every use and in both ways alike, and one below it is that of graphql-js', async () => {
  const scene = await createHandlerScene();
  const verdicts = { whole: 0, refused: 0 };
  const anyLimit = fc.oneof(fc.nat(300), fc.nat(3_000));
  await fc.assert(
    fc.asyncProperty(anyDocument, variables, anyLimit, async (text, given, maxBytes) => {
      const document = parse(text);
      const operation = getOperationAST(document);
      if (!operation || validate(schema, document).length > 0) return;
      const prepared = prepareOperation(schema, document, operation);
      const coerced = coercedOrRefused(prepared, given);
      if (coerced === undefined) return;
      const context = scene.createContext();
      const expected = await execute({ schema, document, contextValue: context, variableValues: given });
      const errors = expected.errors?.map((error) => formatExecutionError(error, operation.operation));
      const bytes = Buffer.byteLength(JSON.stringify({ errors, data: expected.data }));
      const uses = [prepared, prepared, { ...prepared, plan: undefined }, { ...prepared, plan: undefined }];
      const answers = await Promise.all(
        uses.map((each) => executeOperation(each, { given, coerced }, scene.createContext(), maxBytes)),
      );
      const refused = answers.filter(({ data }) => data === undefined);
      expect([0, uses.length], 'refused at some uses only').toContain(refused.length);
      for (const answer of refused) {
        expect(bytes, 'of an answer that was refused').toBeGreaterThan(maxBytes);
        expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
        const outcome = operation.operation === 'mutation' ? 'UNKNOWN' : undefined;
        expect(answer.errors?.[0]?.extensions?.outcome).toBe(outcome);
      }
      if (refused.length > 0) verdicts.refused += 1;
      else {
        expect(bytesOfData(expected), 'of data that was let pass').toBeLessThan(3 * maxBytes + 100);
        for (const answer of answers) {
          expect(JSON.stringify(answer.data)).toBe(JSON.stringify(expected.data));
          expect(sorted(answer.errors?.map(asText) ?? [])).toEqual(sorted(errors?.map(asText) ?? []));
        }
        verdicts.whole += 1;
      }
    }),
    { numRuns: 400 },
  );
  expect(Math.min(verdicts.whole, verdicts.refused)).toBeGreaterThan(30);
});

function coercedOrRefused(prepared: ReturnType<typeof prepareOperation>, given: Variables) {
  try {
    return checkOperation(prepared, given, { clientApp: undefined } as never);
  } catch {
    return undefined;
  }
}

function bytesOfData({ data }: ExecutionResult): number {
  return Buffer.byteLength(JSON.stringify(data));
}

function asText(value: unknown): string {
  return JSON.stringify(value);
}

interface SeenError {
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly unknown[];
  readonly extensions: { readonly code: string };
}

function seen({ path, locations, extensions }: SeenError): string {
  return JSON.stringify({ path, locations, code: extensions.code });
}

function meant(error: GraphQLError): string {
  const { path, locations } = error.toJSON();
  return JSON.stringify({ path, locations, code: codeOf(error) });
}

function sorted(texts: string[]): string[] {
  return [...texts].sort();
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
