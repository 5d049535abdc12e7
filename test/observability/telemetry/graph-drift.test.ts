import { describe, expect, it } from 'vitest';
import { forRequests } from '../../../src/emulator/faults.ts';
import { createGraphDrift } from '../../../src/observability/telemetry/graph-drift.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { startObservedGateway } from '../observed-gateway.ts';

const TYPE = '#microsoft.graph.retrieveRemoteHelpSessionResponse';
const lines = ({ logs }: TestGateway) =>
  logs().flatMap(({ level, drift, name }) => (drift === undefined ? [] : [{ level, drift, name }]));
const READ = '{ remoteHelpSessionResponse(id: "session-1") { deviceName sessionType sessionExpirationDateTime } }';
const answerWith = ({ emulator }: TestGateway, body: unknown, times = 1) =>
  emulator.graph.respondWith({ ...forRequests({ method: 'GET' }, { status: 200, body }), times });

const STRANGE = {
  '@odata.etag': 'x',
  'deviceName@odata.type': '#String',
  id: 'known everywhere',
  newInBeta: 'value-of-it',
  alsoNew: [{ deep: 1 }],
  deviceName: 7,
  sessionType: 'viewScreen,teleport,unknownFutureValue',
  sessionExpirationDateTime: 'value-of-it',
};
const TOLD = [
  ['unknown_property', 'newInBeta'],
  ['unknown_property', 'alsoNew'],
  ['unknown_member', 'teleport'],
  ['unknown_member', 'unknownFutureValue'],
  ['missing_annotation', '@odata.type'],
  ['wrong_type', 'deviceName'],
  ['wrong_type', 'sessionExpirationDateTime'],
].map(([drift, name]) => ({ level: 40, drift, name }));
const sorted = (told: readonly unknown[]) => told.map((each) => JSON.stringify(each)).sort();

describe('what Graph answers and the gateway does not know', () => {
  it('is one line for each new name, never a value, however often it comes', async () => {
    const gateway = await startGateway();
    answerWith(gateway, { value: STRANGE }, 3);
    for (let round = 0; round < 3; round += 1) await gateway.query(READ);
    expect(sorted(lines(gateway))).toEqual(sorted(TOLD));
    expect(gateway.logText()).not.toContain('value-of-it');
  });

  it('is counted each time, by its kind alone', async () => {
    const gateway = await startObservedGateway();
    answerWith(gateway, { value: STRANGE }, 2);
    for (let round = 0; round < 2; round += 1) await gateway.query(READ);
    await gateway.flush();
    const points = gateway.receiver.points('gateway.graph.drift').map(({ labels, value }) => [labels, value]);
    expect(points).toEqual([
      [{ kind: 'unknown_property' }, 4],
      [{ kind: 'unknown_member' }, 4],
      [{ kind: 'wrong_type' }, 4],
      [{ kind: 'missing_annotation' }, 2],
    ]);
  });

  it.each<[string, string, (gateway: TestGateway) => void]>([
    [
      'an entry of a batch',
      '{ remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { deviceName } }',
      ({ emulator }) =>
        emulator.graph.respondWith({
          status: 200,
          body: { value: { '@odata.type': TYPE, added: 1 } },
          match: { inBatch: true, path: /session-2/ },
        }),
    ],
    [
      'an entry of a list',
      '{ remoteHelpSessionResponses(first: 1) { nodes { deviceName } } }',
      (gateway) => answerWith(gateway, { value: [{ '@odata.type': TYPE, added: 1 }] }),
    ],
    [
      'the answer to an update',
      'mutation { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "x" }) { remoteHelpSessionResponse { id } } }',
      ({ emulator }) =>
        emulator.graph.respondWith(
          forRequests({ method: 'PATCH' }, { status: 200, body: { '@odata.type': TYPE, added: 1 } }),
        ),
    ],
    [
      'the answer to a create',
      'mutation { createRemoteHelpSessionResponse(input: { deviceName: "x" }) { remoteHelpSessionResponse { id } } }',
      ({ emulator }) =>
        emulator.graph.respondWith(
          forRequests({ method: 'POST' }, { status: 201, body: { '@odata.type': TYPE, id: 'x', added: 1 } }),
        ),
    ],
  ])('is seen in %s', async (_where, document, prepare) => {
    const gateway = await startGateway();
    prepare(gateway);
    expect((await gateway.query(document)).body.errors).toBeUndefined();
    expect(lines(gateway)).toEqual([{ level: 40, drift: 'unknown_property', name: 'added' }]);
  });

  it('another type is told by the annotation’s name', async () => {
    const gateway = await startGateway();
    answerWith(gateway, { '@odata.type': '#microsoft.graph.somethingElse', deviceName: 'x' });
    await gateway.query(READ);
    expect(lines(gateway)).toEqual([{ level: 40, drift: 'wrong_type', name: '@odata.type' }]);
  });

  it('is nothing where Graph answers as it is documented', async () => {
    const gateway = await startGateway();
    await gateway.query('{ remoteHelpSessionResponses(first: 100) { nodes { id deviceName sessionTypes } } }');
    await gateway.query(
      '{ a: remoteHelpSessionResponse(id: "session-3") { sessionTypes } b: remoteHelpSessionResponse(id: "session-4") { webClientUri } }',
    );
    expect(lines(gateway)).toEqual([]);
  });
});

it('at most a hundred names are kept and told, and what is no name is told without it', () => {
  const told: { name?: string }[] = [];
  let count = () => 0 as number | undefined;
  const drift = createGraphDrift({
    logger: { warn: (fields: object) => void told.push(fields) } as never,
    watch: (number, read) => {
      if (number === 'drift.unknown_property') count = read;
    },
  });
  for (const name of ['eyJhbGciOi.eyJhdWQi', 'a b', 'ü', '', 'x'.repeat(49), 'wss://x', '7d'])
    drift.note('unknown_property', name);
  expect(told).toEqual([{ drift: 'unknown_property', name: 'no name' }]);
  for (let n = 0; n < 1_000; n += 1) drift.note('unknown_property', `made_up_${n}`);
  expect(told).toHaveLength(100);
  expect(count()).toBe(1_007);
});
