import { describe, expect, test } from 'vitest';
import { updateInput, updateOperation } from '../../src/explorer/operations.ts';
import { startGateway } from '../support/gateway.ts';
import { type Fence, fencesOf } from './markdown.ts';
import { readProjectFile } from './project.ts';

const fences = fencesOf(readProjectFile('README.md'));

/** An operation of the README with the blocks that follow it. */
function exampleAt(index: number) {
  const operation = fences[index] as Fence;
  const [variables, answer] = fences.slice(index + 1, index + 3);
  expect([variables?.info, answer?.info]).toEqual(['json variables', 'json answer']);
  return {
    operation: operation.text,
    variables: JSON.parse(variables?.text ?? ''),
    answer: JSON.parse(answer?.text ?? ''),
  };
}

interface Answer {
  readonly data: unknown;
  readonly errors?: { message: string; path: unknown; extensions: Record<string, unknown> }[];
}

/** Without what differs each time and what the README says that it leaves out. */
function asShown({ data, errors }: Answer): Answer {
  if (errors === undefined) return { data };
  return {
    data,
    errors: errors.map(({ message, path, extensions: { graph, ...extensions } }) => {
      expect(graph).toMatchObject({ status: 404, clientRequestId: expect.any(String) });
      return { message, path, extensions };
    }),
  };
}

const examples = fences.flatMap(({ info }, index) => (info === 'graphql' ? [index] : []));

describe('the README', () => {
  test('shows the update, several changes, create and delete, and a query', () => {
    const names = examples.map((index) => /^(mutation|query) \w+/.exec(fences[index]?.text ?? '')?.[0]);
    expect(names).toEqual(['mutation UpdateSession', 'mutation Rename', 'mutation CreateAndDelete', 'query Sessions']);
  });

  test.each(examples)('shows the very answer of its operation (block %i)', async (index) => {
    const { operation, variables, answer } = exampleAt(index);
    const { query } = await startGateway();
    const { status, body } = await query(operation, { variables });
    expect({ status, body: asShown(body) }).toEqual({ status: 200, body: answer });
  });

  test('shows the operation that `npm start` and the explorer offer', () => {
    const { operation, variables } = exampleAt(examples[0] ?? 0);
    expect(operation).toBe(updateOperation);
    expect(variables.input).toEqual(updateInput);
  });
});
