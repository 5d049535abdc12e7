import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `s-${index}`);
const BY_IDS = 'query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { deviceName } }';

it('what fails for 200 ids for one reason is one line, and one code', async () => {
  const { query, logs } = await startGateway({ env: { GRAPH_SESSIONS_PATH: 'NoSuchPath' } });
  const { body } = await query(
    `{ ${ids(20)
      .map((id) => `${id.replace('-', '')}: remoteHelpSessionResponses(first: 1) { nodes { id } }`)
      .slice(0, 10)
      .join(' ')} }`,
  );
  expect(body.errors).toHaveLength(10);
  const lines = logs();
  expect(lines.filter(({ level }) => Number(level) >= 50)).toHaveLength(1);
  expect(lines.find(({ msg }) => msg === 'operation')).toMatchObject({ codes: ['INTERNAL_SERVER_ERROR'] });
});

it('errors of a thousand places in the answer write no thousand lines', async () => {
  const { query, logs, emulator } = await startGateway();
  emulator.graph.respondWith({ status: 403, body: { error: { code: 'Forbidden', message: 'no' } } });
  const { body } = await query(BY_IDS, { variables: { ids: [...ids(199), ...Array(801).fill('s-0')] } });
  expect(body.data.remoteHelpSessionResponsesById).toHaveLength(1_000);
  const ofOperation = logs().filter(({ msg }) => msg !== 'operation');
  expect(ofOperation.filter(({ level }) => Number(level) >= 40).length).toBeLessThanOrEqual(2);
});
