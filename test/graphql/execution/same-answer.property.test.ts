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
import { anyDocument, twoOperations, variables } from '../../support/random-documents.ts';

const schema = executableSchema();
const USES = 12;

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
    { numRuns: 150 },
  );
  expect(executed).toBeGreaterThan(600);
});

it('so does each operation of a document of several', async () => {
  const scene = await createHandlerScene();
  let executed = 0;
  await fc.assert(
    fc.asyncProperty(twoOperations, variables, variables, async (text, ...uses) => {
      for (const operationName of ['A', 'B']) executed += (await compare(scene, text, uses, operationName)).executed;
    }),
    { numRuns: 25 },
  );
  expect(executed).toBeGreaterThan(200);
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
