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

const examples = fences.flatMap(({ info }, index) => (info === 'graphql' ? [index] : []));

describe('the README', () => {
  test('shows the mutation and a query', () => {
    const kinds = examples.map((index) => fences[index]?.text.split(' ')[0]);
    expect(kinds).toEqual(['mutation', 'query']);
  });

  test.each(examples)('shows the very answer of its operation (block %i)', async (index) => {
    const { operation, variables, answer } = exampleAt(index);
    const { query } = await startGateway();
    const { status, body } = await query(operation, { variables });
    expect({ status, body }).toEqual({ status: 200, body: answer });
  });

  test('shows the operation that `npm start` and the explorer offer', () => {
    const { operation, variables } = exampleAt(examples[0] ?? 0);
    expect(operation).toBe(updateOperation);
    expect(variables.input).toEqual(updateInput);
  });
});
