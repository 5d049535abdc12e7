import fc from 'fast-check';
import { execute, parse } from 'graphql';
import { expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import type { RequestContext } from '../../src/graphql/context.ts';
import { compiledExecution, executableSchema } from '../support/executable-schema.ts';

const schema = executableSchema();
const update = parse(`mutation ($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
  answer: updateRemoteHelpSessionResponse(id: $id, input: $input) {
    remoteHelpSessionResponse { id deviceName sessionType sessionTypes sessionExpirationDateTime }
  }
}`);

const kind = fc.constantFrom('VIEW_SCREEN', 'ELEVATION', 'UNKNOWN_FUTURE_VALUE');
/** Mostly what a client sends, now and then what none should; all of it JSON, which knows no undefined. */
const wrong = fc.oneof(fc.constant(null), fc.integer(), fc.boolean(), fc.constant({ a: [1] }));
const input = fc.record(
  {
    deviceName: fc.oneof({ weight: 4, arbitrary: fc.string() }, wrong),
    sessionKey: fc.oneof({ weight: 4, arbitrary: fc.string() }, wrong),
    sessionType: fc.oneof({ weight: 4, arbitrary: kind }, wrong),
    sessionTypes: fc.oneof({ weight: 4, arbitrary: fc.array(kind, { maxLength: 2 }) }, kind, fc.array(wrong), wrong),
    sessionExpirationDateTime: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('2031-03-01T09:30:00.1234567-08:00', '2031-02-30T00:00:00Z') },
      wrong,
    ),
    nonsense: fc.string(),
  },
  { requiredKeys: [] },
);
const variables = fc.record(
  {
    id: fc.oneof({ weight: 6, arbitrary: fc.string() }, wrong),
    input: fc.oneof({ weight: 6, arbitrary: input }, wrong),
    other: fc.string(),
  },
  { requiredKeys: [] },
);
const outcomes = fc.constantFrom<unknown>(
  { id: 'a', deviceName: 'Tablet', sessionType: 'ELEVATION', sessionTypes: ['ELEVATION'] },
  { id: 'a', deviceName: new GatewayError('UPSTREAM_UNAVAILABLE', 'senseless', { outcome: 'APPLIED' }) },
  { id: new GatewayError('UPSTREAM_UNAVAILABLE', 'senseless', { outcome: 'APPLIED' }) },
  { id: 'a', sessionType: 'NO_SUCH_KIND' },
  new GatewayError('CONFLICT', 'Graph refused', { outcome: 'NOT_APPLIED' }),
);

it('asks for the same update as graphql-js, and answers the same, whatever the variables', async () => {
  const compiled = await compiledExecution(schema, update);
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(variables, outcomes, async (variableValues, outcome) => {
      const [one, other] = [contextOf(outcome), contextOf(outcome)];
      const expected = await execute({ schema, document: update, contextValue: one.context, variableValues });
      const result = await compiled(other.context, variableValues);
      // What is wrong with variables is left to graphql-js to say.
      if (result === undefined) expect([expected.data, other.asked]).toStrictEqual([undefined, []]);
      else expect(plain(result)).toStrictEqual(plain(expected));
      expect(other.asked).toStrictEqual(one.asked);
      ran += one.asked.length;
    }),
    { numRuns: 500 },
  );
  expect(ran).toBeGreaterThan(20);
});

/** What an update resolver needs of a request, and a note of each update that it asked for. */
function contextOf(outcome: unknown) {
  const asked: unknown[] = [];
  const context = {
    caller: undefined,
    graph: {},
    log: { info() {} },
    record: { graphRequestIds: [] },
    sessions: { refresh() {} },
    async update({ id, input: given, properties }: { id: string; input: object; properties: readonly string[] }) {
      asked.push([id, Object.entries(given), properties]);
      if (outcome instanceof GatewayError) throw outcome;
      return outcome;
    },
  };
  return { asked, context: context as unknown as RequestContext };
}

function plain(result: unknown): unknown {
  return JSON.parse(JSON.stringify(result));
}
