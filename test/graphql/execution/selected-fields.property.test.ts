import fc from 'fast-check';
import { buildASTSchema, execute, type GraphQLResolveInfo, parse } from 'graphql';
import { expect, it } from 'vitest';
import { selectedFields } from '../../../src/graphql/execution/selected-fields.ts';
import { loadSchemaSource } from '../../../src/graphql/schema.ts';

const schema = buildASTSchema(loadSchemaSource().typeDefs);
const FIELDS = ['id', 'sessionKey', 'acsHelperUserToken', 'sessionType', 'sessionTypes', 'deviceName', '__typename'];
const VARIABLES = ['yes', 'no', 'maybe'];

const condition = fc.oneof(fc.constantFrom('true', 'false'), fc.constantFrom(...VARIABLES.map((name) => `$${name}`)));
const directives = fc
  .tuple(fc.option(condition, { freq: 2 }), fc.option(condition, { freq: 2 }), fc.boolean())
  .map(([include, skip, turned]) => {
    const both = [include === null ? '' : `@include(if: ${include})`, skip === null ? '' : `@skip(if: ${skip})`];
    return (turned ? both.reverse() : both).join(' ');
  });

const FRAGMENTS = [0, 1, 2, 3];

/** Selections of a session as text. They open the fragments with these numbers. */
function selectionsWith(fragments: readonly number[]): fc.Arbitrary<string> {
  const field = fc
    .tuple(fc.constantFrom(...FIELDS), fc.option(fc.nat(3)), directives)
    // Aliases of each field's own, so that no two fields are in each other's way.
    .map(([name, alias, rest]) => `${alias === null ? '' : `${name}${alias}: `}${name} ${rest}`);
  const spreads = fragments.map((number) => directives.map((rest) => `...F${number} ${rest}`));
  const { selections } = fc.letrec<{ selections: string; selection: string }>((tie) => ({
    selections: fc.array(tie('selection'), { minLength: 1, maxLength: 5 }).map((each) => each.join(' ')),
    selection: fc.oneof(
      { depthSize: 'small' },
      field,
      ...spreads,
      fc
        .tuple(fc.boolean(), directives, tie('selections'))
        .map(([typed, rest, inner]) => `... ${typed ? 'on RemoteHelpSessionResponse' : ''} ${rest} { ${inner} }`),
    ),
  }));
  return selections;
}

const operation = fc.record({
  roots: fc.array(fc.tuple(directives, selectionsWith(FRAGMENTS)), { minLength: 1, maxLength: 3 }),
  // Each opens only those behind it: a circle is no valid document.
  fragments: fc.tuple(...FRAGMENTS.map((number) => selectionsWith(FRAGMENTS.slice(number + 1)))),
  variables: fc.record({ yes: fc.boolean(), no: fc.boolean(), maybe: fc.boolean() }, { requiredKeys: ['yes', 'no'] }),
});

interface Wrapping {
  readonly root: string;
  readonly path: readonly string[];
  readonly wrap: (inner: string) => string;
  readonly value: (session: object) => unknown;
}

const places: Wrapping[] = [
  {
    root: 'remoteHelpSessionResponse',
    path: [],
    wrap: (inner) => `remoteHelpSessionResponse(id: "x") { ${inner} }`,
    value: (session) => session,
  },
  {
    root: 'remoteHelpSessionResponses',
    path: ['edges', 'node'],
    wrap: (inner) => `remoteHelpSessionResponses { ... { edges { cursor node { ${inner} } } } nodes { __typename } }`,
    value: (session) => ({ edges: [{ cursor: 'c', node: session }], nodes: [] }),
  },
];

it.each(places)(
  'names exactly the fields below $root $path that graphql-js resolves',
  ({ root, path, wrap, value }) => {
    fc.assert(
      fc.property(operation, ({ roots, fragments, variables }) => {
        const body = roots.map(([rest, inner]) => wrap(inner).replace(' {', ` ${rest} {`)).join(' ');
        const text = [
          `query ($yes: Boolean!, $no: Boolean!, $maybe: Boolean = true) { ${body} __typename }`,
          ...fragments.map((inner, index) => `fragment F${index} on RemoteHelpSessionResponse { ${inner} }`),
        ].join('\n');
        const resolved = new Set<string>();
        let selected = new Set<string>();
        const fieldResolver = (source: unknown, _arguments: unknown, _context: unknown, info: GraphQLResolveInfo) => {
          if (info.fieldName === root) {
            selected = selectedFields(info.fieldNodes, path, info);
            return value({ id: 'x' });
          }
          if (info.parentType.name === 'RemoteHelpSessionResponse') resolved.add(info.fieldName);
          return (source as Record<string, unknown>)[info.fieldName];
        };
        const result = execute({ schema, document: parse(text), variableValues: variables, fieldResolver });
        expect(result).not.toHaveProperty('errors');
        selected.delete('__typename');
        expect(selected).toEqual(resolved);
      }),
      { numRuns: 500 },
    );
  },
);
