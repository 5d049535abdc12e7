import fc from 'fast-check';
import { type ExecutionResult, execute, getOperationAST, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { checkOperation, type Variables } from '../../../src/graphql/execution/check-operation.ts';
import { executeOperation } from '../../../src/graphql/execution/execute-operation.ts';
import { prepareOperation } from '../../../src/graphql/execution/prepare-operation.ts';
import { formatExecutionError } from '../../../src/graphql/format-error.ts';
import { executableSchema } from '../../support/executable-schema.ts';
import { createHandlerScene } from '../../support/handler-scene.ts';
import { anyDocument, variables } from '../../support/random-documents.ts';

const schema = executableSchema();

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
    { numRuns: 250 },
  );
  expect(Math.min(verdicts.whole, verdicts.refused)).toBeGreaterThan(20);
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

function sorted(texts: string[]): string[] {
  return [...texts].sort();
}
