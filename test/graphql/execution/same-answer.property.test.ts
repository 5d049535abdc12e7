import fc from 'fast-check';
import {
  buildASTSchema,
  type DocumentNode,
  execute,
  type GraphQLError,
  getNullableType,
  isListType,
  parse,
  validate,
} from 'graphql';
import { expect, it } from 'vitest';
import { codeOf } from '../../../src/graphql/format-error.ts';
import { loadSchemaSource } from '../../../src/graphql/schema.ts';
import { executableSchema } from '../../support/executable-schema.ts';
import { createHandlerScene, type HandlerScene } from '../../support/handler-scene.ts';

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
  perhaps: 'Boolean = true',
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
    perhaps: fc.oneof(fc.boolean(), fc.constant(null)),
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
/** May be null, which no directive allows. */
const wrongCondition = fc.oneof({ arbitrary: condition, weight: 6 }, { arbitrary: fc.constant('$perhaps'), weight: 1 });

/** Half of the documents have no directives at all: those take another way through the code. */
function directives(allowed: boolean, conditions = wrongCondition) {
  if (!allowed) return fc.constant('');
  return fc
    .tuple(fc.option(conditions, { freq: 2 }), fc.option(conditions, { freq: 2 }), fc.boolean())
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
      // Never null: of a fragment that is spread again graphql-js does not look at the directives, and this gateway does.
      ...fragments.map((name) => directives(conditional, condition).map((rest) => `...${name} ${rest}`)),
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

/** Two operations in one document, each with fragments of its own. */
const twoOperations = fc.tuple(anyDocument, anyDocument).map(([one, other]) => {
  const named = (text: string, name: string) => text.replace(/^\w+/, `$& ${name}`).replace(/\b[FR]\d\b/g, `$&${name}`);
  return `${named(one, 'A')}\n${named(other, 'B')}`;
});

type Uses = readonly Readonly<Record<string, unknown>>[];

it('a document answers as graphql-js does, and asks the same of Graph, however often it is sent', async () => {
  const scene = await createHandlerScene();
  let executed = 0;
  await fc.assert(
    fc.asyncProperty(anyDocument, variables, variables, async (text, ...uses) => {
      const before = scene.apolloRequests();
      const result = await compare(scene, text, uses);
      executed += result.executed;
      // What is refused is Apollo's to say.
      expect(scene.apolloRequests() - before, 'requests that Apollo saw').toBeLessThanOrEqual(1 + result.refused);
    }),
    { numRuns: 250 },
  );
  expect(executed).toBeGreaterThan(1_000);
});

it('so does each operation of a document of several', async () => {
  const scene = await createHandlerScene();
  let executed = 0;
  await fc.assert(
    fc.asyncProperty(twoOperations, variables, variables, async (text, ...uses) => {
      for (const operationName of ['A', 'B']) executed += (await compare(scene, text, uses, operationName)).executed;
    }),
    { numRuns: 50 },
  );
  expect(executed).toBeGreaterThan(400);
});

/** Sends a document again and again, and has graphql-js execute it each time too. */
async function compare(scene: HandlerScene, text: string, uses: Uses, operationName?: string) {
  const counted = { executed: 0, refused: 0 };
  const document = parse(text);
  if (validate(schema, document).length > 0) return counted;
  const wrong = uses.map((each) => hasWrongCondition(document, each, operationName));
  for (let use = 1; use <= USES; use += 1) {
    const variableValues = uses[use % uses.length] ?? {};
    const { status, body } = await scene.post({
      query: text,
      variables: variableValues,
      ...(operationName !== undefined && { operationName }),
    });
    const asked = scene.asked();
    const answer = JSON.parse(body);
    // What the limits refuse is none of graphql-js's business.
    if (status === 400 && /at most \d+ are allowed/.test(answer.errors[0].message)) {
      expect(answer.data).toBeUndefined();
      expect(asked).toEqual([]);
      return { ...counted, refused: USES };
    }
    if (wrong[use % uses.length]) {
      counted.refused += 1;
      expect(status).toBe(400);
      expect(answer.data).toBeUndefined();
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(asked).toEqual([]);
      continue;
    }
    counted.executed += 1;
    const contextValue = scene.createContext();
    const expected = await execute({ schema, document, contextValue, variableValues, operationName });
    expect(answer.data).toEqual(plain(expected.data));
    expect(sorted(answer.errors?.map(seen) ?? [])).toEqual(sorted(expected.errors?.map(meant) ?? []));
    expect(asked).toEqual(scene.asked());
    if (use > 1) expect(body.startsWith('{"errors"') || body.startsWith('{"data"')).toBe(true);
  }
  return counted;
}

const bareSchema = buildASTSchema(loadSchemaSource().typeDefs);

/** Whether graphql-js comes to a directive whose variable is null, where no field fails and nothing is missing. */
function hasWrongCondition(
  document: DocumentNode,
  variableValues: Readonly<Record<string, unknown>>,
  operationName?: string,
): boolean {
  const { errors = [] } = execute({
    schema: bareSchema,
    document,
    variableValues: { ...variableValues, withDefault: 'b' },
    operationName,
    fieldResolver: (_source, _arguments, _context, { returnType }) =>
      isListType(getNullableType(returnType)) ? [1] : 1,
  }) as { readonly errors?: readonly GraphQLError[] };
  return errors.some(({ message }) => /^Argument "if" of non-null type/.test(message));
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
