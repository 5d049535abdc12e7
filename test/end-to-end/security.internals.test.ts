import { afterEach, describe, expect, it, vi } from 'vitest';
import { unavailable } from '../../src/emulator/faults.ts';
import { startGateway } from '../support/gateway.ts';

afterEach(() => vi.unstubAllEnvs());

const read = '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }';
const update = `mutation { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "x" }) { __typename } }`;

/** A gateway with a bug: it shows when a retry is timed. */
async function startBroken(NODE_ENV: string) {
  vi.stubEnv('NODE_ENV', NODE_ENV);
  const random = () => {
    throw new TypeError('the inside of the gateway');
  };
  const gateway = await startGateway({ env: { NODE_ENV }, dependencies: { random } });
  gateway.emulator.graph.respondWith(unavailable());
  return gateway;
}

describe.each(['production', 'development', 'test', ''])('with NODE_ENV "%s"', (NODE_ENV) => {
  it.each([
    ['a read', read, undefined],
    ['an update', update, 'UNKNOWN'],
  ])('a bug met by %s shows the client a fixed text, and the operator the stack', async (_name, document, outcome) => {
    const gateway = await startBroken(NODE_ENV);
    const { status, body } = await gateway.query(document);
    expect(status).toBe(200);
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0].message).toBe('The gateway failed. The operator has been told.');
    const extensions = { code: 'INTERNAL_SERVER_ERROR', ...(outcome !== undefined && { outcome }) };
    expect(body.errors[0].extensions).toEqual(extensions);
    expect(JSON.stringify(body)).not.toMatch(/stack|\.ts\b|node_modules|TypeError|inside of the gateway/);
    const logged = gateway.logs().find(({ level }) => Number(level) >= 50);
    expect(JSON.stringify(logged)).toMatch(/the inside of the gateway.*\.ts:\d+/);
  });

  it('no refusal shows a stack', async () => {
    vi.stubEnv('NODE_ENV', NODE_ENV);
    const gateway = await startGateway({ env: { NODE_ENV } });
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${gateway.emulator.entra.mintToken()}`,
    };
    for (const body of ['{', '[]', '{}', '{"query":"{"}', '{"query":"{ nothing }"}', '{"query":7}']) {
      const answer = await gateway.http('/graphql', { method: 'POST', headers, body });
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).not.toMatch(/stack|\.ts\b|node_modules|\n {4}at /);
      expect(Object.keys(answer.body.errors[0].extensions)).toEqual(['code']);
    }
  });
});

it('says nothing of itself on its health addresses', async () => {
  const { http, server, emulator } = await startGateway();
  expect(await http('/readyz')).toMatchObject({ status: 503, body: { status: 'unavailable' } });
  await server.warmUp();
  await emulator.entra.stop();
  await emulator.graph.stop();
  expect(await http('/livez')).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await http('/readyz')).toMatchObject({ status: 200, body: { status: 'ok' } });
});
