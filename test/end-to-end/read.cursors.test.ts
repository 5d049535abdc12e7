import { expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { startGateway } from '../support/gateway.ts';

const PAGE = `query ($after: String) { remoteHelpSessionResponses(first: 2, after: $after) {
  nodes { deviceName } pageInfo { endCursor } } }`;

it('refuses a cursor that it did not make, without asking Graph', async () => {
  const { query, emulator } = await startGateway();
  const made: string = (await query(PAGE)).body.data.remoteHelpSessionResponses.pageInfo.endCursor;
  const sealLess = Buffer.from(JSON.stringify(['$skiptoken=x', 0, 2])).toString('base64url');
  const strangers = [
    '',
    ' ',
    'x',
    'session-1',
    sealLess,
    `${made}x`,
    `${made}=`,
    ` ${made}`,
    made.slice(0, -4),
    made.toUpperCase(),
    made.slice(0, 16) + sealLess,
    'A'.repeat(20_000),
    'ü',
  ];
  for (const after of strangers) {
    const { body } = await query(PAGE, { variables: { after } });
    expect(body.errors, after).toMatchObject([
      { path: ['remoteHelpSessionResponses'], extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(body.errors[0].message).not.toContain(after.trim() || 'cursor that is quoted');
  }
  expect(emulator.graph.requests).toHaveLength(1);
});

it('refuses a cursor of a gateway with another Graph or another secret', async () => {
  const [one, other] = [await startGateway(), await startGateway()];
  const { body } = await one.query(PAGE);
  const after: string = body.data.remoteHelpSessionResponses.pageInfo.endCursor;
  const answer = await other.query(PAGE, { variables: { after } });
  expect(answer.body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(other.emulator.graph.requests).toEqual([]);
});

it('continues in another process of the same deployment', async () => {
  const emulator = await startEmulator();
  const [one, other] = [await startGateway({ emulator }), await startGateway({ emulator })];
  const first = (await one.query(PAGE)).body.data.remoteHelpSessionResponses;
  const second = (await other.query(PAGE, { variables: { after: first.pageInfo.endCursor } })).body.data;
  expect(second.remoteHelpSessionResponses.nodes).toEqual([
    { deviceName: 'LAPTOP-4F7Q2' },
    { deviceName: 'Kiosk – Zürich HB' },
  ]);
  await emulator.close();
});
