import fc from 'fast-check';

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
/** Values for whatever variables such a document has. */
export const variables = fc.record(
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

/** One operation over the whole schema: aliases, fragments that are nested and spread twice, directives on everything. */
export const anyDocument = fc.oneof(
  documents(false, 'query', QUERY_FIELDS),
  documents(true, 'query', QUERY_FIELDS),
  documents(false, 'mutation', MUTATION_FIELDS),
  documents(true, 'mutation', MUTATION_FIELDS),
);

/** Two operations in one document, each with fragments of its own. */
export const twoOperations = fc.tuple(anyDocument, anyDocument).map(([one, other]) => {
  const named = (text: string, name: string) => text.replace(/^\w+/, `$& ${name}`).replace(/\b[FR]\d\b/g, `$&${name}`);
  return `${named(one, 'A')}\n${named(other, 'B')}`;
});
