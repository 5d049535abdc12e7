import { describe, expect, it } from 'vitest';
import { delayed, entraError, forRequests, graphError, hang, repeated } from '../../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { patches, updatedSession, updateSession } from '../../support/update-session.ts';

const exchanges = ({ emulator }: TestGateway) => emulator.entra.requests.filter(({ method }) => method === 'POST');
const codesOf = (answers: readonly { body: { errors?: { extensions: { code: string } }[] } }[]) =>
  answers.map(({ body }) => body.errors?.[0]?.extensions.code);

/** A clock that starts now and goes on when it is told to. */
function movableClock() {
  let ahead = 0;
  return {
    clock: () => Date.now() + ahead,
    advance: (milliseconds: number) => {
      ahead += milliseconds;
    },
  };
}

/** A caller's token that outlives whatever the clock of a test does. */
const lastingToken = ({ emulator }: TestGateway) => {
  const iat = Math.floor(Date.now() / 1000);
  return emulator.entra.mintToken({ iat, exp: iat + 100 * 3600 });
};

describe('a caller’s token for Graph', () => {
  it('is asked for once, on behalf of the caller, for this Graph, with claims challenges understood', async () => {
    const gateway = await startGateway();
    const { entra, graph } = gateway.emulator;
    const token = entra.mintToken();
    for (let round = 0; round < 3; round += 1) await updateSession(gateway, { token });
    expect(exchanges(gateway)).toHaveLength(1);
    const form = exchanges(gateway)[0]?.form;
    expect(exchanges(gateway)[0]?.path).toBe(`/${entra.tenantId}/oauth2/v2.0/token`);
    expect(form).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      client_id: entra.clientId,
      client_secret: entra.clientSecret,
      assertion: token,
    });
    expect(form?.scope?.split(' ')).toContain(`${graph.origin}/.default`);
    expect(JSON.parse(form?.claims ?? '{}')).toMatchObject({ access_token: { xms_cc: { values: ['cp1'] } } });
  });

  it('is another for another token of the same caller, and for another caller', async () => {
    const gateway = await startGateway();
    for (const oid of ['ada', 'ada', 'ben']) {
      await updateSession(gateway, { token: gateway.emulator.entra.mintToken({ oid }) });
    }
    expect(exchanges(gateway)).toHaveLength(3);
    expect(patches(gateway).map(({ oid }) => oid)).toEqual(['ada', 'ada', 'ben']);
    expect(new Set(patches(gateway).map(({ authorization }) => authorization)).size).toBe(3);
  });

  it('is exchanged once for requests that come at the same time', async () => {
    const gateway = await startGateway();
    gateway.emulator.entra.respondWith(forRequests({ method: 'POST' }, delayed(30)));
    const token = gateway.emulator.entra.mintToken();
    const answers = await Promise.all(Array.from({ length: 20 }, () => updateSession(gateway, { token })));
    expect(answers.map(updatedSession)).toEqual(Array(20).fill({ id: 'session-1', deviceName: 'Tablet' }));
    expect(exchanges(gateway)).toHaveLength(1);
  });

  it('fails once for requests that come at the same time', async () => {
    const gateway = await startGateway();
    gateway.emulator.entra.respondWith(forRequests({ method: 'POST' }, { ...entraError(50105), delayMs: 30 }));
    const token = gateway.emulator.entra.mintToken();
    const answers = await Promise.all(Array.from({ length: 10 }, () => updateSession(gateway, { token })));
    expect(codesOf(answers)).toEqual(Array(10).fill('FORBIDDEN'));
    expect(exchanges(gateway)).toHaveLength(1);
  });

  it('is renewed before it expires, and used until then', async () => {
    const { clock, advance } = movableClock();
    const gateway = await startGateway({ dependencies: { clock } });
    const { entra } = gateway.emulator;
    entra.graphTokenLifetimeSeconds = 3600;
    const token = lastingToken(gateway);
    await updateSession(gateway, { token });
    advance(3600_000 - 62_000);
    await updateSession(gateway, { token });
    expect(exchanges(gateway)).toHaveLength(1);
    entra.graphTokenLifetimeSeconds = 2 * 3600;
    advance(2_500);
    await updateSession(gateway, { token });
    expect(exchanges(gateway)).toHaveLength(2);
    await updateSession(gateway, { token });
    expect(exchanges(gateway)).toHaveLength(2);
    const [first, second, third, fourth] = patches(gateway).map(({ authorization }) => authorization);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(fourth).toBe(third);
  });

  it('is used also when it is short-lived, for nine tenths of its life', async () => {
    const { clock, advance } = movableClock();
    const gateway = await startGateway({ dependencies: { clock } });
    gateway.emulator.entra.graphTokenLifetimeSeconds = 100;
    const token = lastingToken(gateway);
    await updateSession(gateway, { token });
    advance(87_000);
    await updateSession(gateway, { token });
    expect(exchanges(gateway)).toHaveLength(1);
    advance(4_000);
    await updateSession(gateway, { token });
    expect(exchanges(gateway)).toHaveLength(2);
  });

  it('that Graph refuses is replaced by a new one, once', async () => {
    const gateway = await startGateway();
    const token = gateway.emulator.entra.mintToken();
    await updateSession(gateway, { token });
    gateway.emulator.graph.rejectTokensIssuedBefore(Date.now() + 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(updatedSession(await updateSession(gateway, { token }))).toBeDefined();
    expect(exchanges(gateway)).toHaveLength(2);
    await updateSession(gateway, { token });
    expect(exchanges(gateway)).toHaveLength(2);
  });
});

describe('a user who must act', () => {
  it('costs one call in five seconds, and gets through at once after that', async () => {
    const { clock, advance } = movableClock();
    const gateway = await startGateway({ dependencies: { clock } });
    const token = lastingToken(gateway);
    gateway.emulator.entra.respondWith(
      forRequests({ method: 'POST' }, entraError(65001, { suberror: 'consent_required' })),
    );
    expect(codesOf([await updateSession(gateway, { token })])).toEqual(['INTERACTION_REQUIRED']);
    // Consent is there now, but nobody asks yet.
    expect(codesOf([await updateSession(gateway, { token })])).toEqual(['INTERACTION_REQUIRED']);
    advance(4_000);
    expect(codesOf([await updateSession(gateway, { token })])).toEqual(['INTERACTION_REQUIRED']);
    expect(exchanges(gateway)).toHaveLength(1);
    advance(1_000);
    expect(codesOf([await updateSession(gateway, { token })])).toEqual([undefined]);
    expect(exchanges(gateway)).toHaveLength(2);
  });

  it('is asked about at once with a new token, and holds nobody else up', async () => {
    const gateway = await startGateway();
    const { entra } = gateway.emulator;
    entra.respondWith(forRequests({ oid: 'ada' }, entraError(50076, { suberror: 'basic_action' })));
    expect(codesOf([await updateSession(gateway, { token: entra.mintToken({ oid: 'ada' }) })])).toEqual([
      'INTERACTION_REQUIRED',
    ]);
    expect(codesOf([await updateSession(gateway, { token: entra.mintToken({ oid: 'ada' }) })])).toEqual([undefined]);
    expect(codesOf([await updateSession(gateway, { token: entra.mintToken({ oid: 'ben' }) })])).toEqual([undefined]);
  });
});

describe('an Entra that fails', () => {
  it('for a while is asked again within the operation', async () => {
    const gateway = await startGateway();
    gateway.emulator.entra.respondWith(repeated(2, forRequests({ method: 'POST' }, { status: 503 })));
    expect(updatedSession(await updateSession(gateway))).toBeDefined();
    expect(exchanges(gateway)).toHaveLength(3);
  });

  it.each([
    ['500', { status: 500 }],
    ['a throttle', { status: 429 }],
    ['a broken connection', { drop: 'before-headers' }],
    ['an HTML page', { status: 502, body: '<html>' }],
    ['JSON that is no token', { status: 200, body: { token_type: 'Bearer' } }],
    ['a transient AADSTS number', entraError(90033)],
  ] as const)('with %s poisons nothing: the next request gets its token', async (_how, fault) => {
    const gateway = await startGateway();
    const token = gateway.emulator.entra.mintToken();
    const post = forRequests({ method: 'POST' }, fault);
    gateway.emulator.entra.respondWith(repeated(Number.POSITIVE_INFINITY, post));
    const failed = await updateSession(gateway, { token });
    expect(failed.body.errors).toHaveLength(1);
    expect(failed.body.errors[0].extensions.outcome).toBe('NOT_APPLIED');
    expect(patches(gateway)).toEqual([]);
    gateway.emulator.entra.clearFaults();
    expect(updatedSession(await updateSession(gateway, { token }))).toBeDefined();
  });

  it('by hanging ends with the operation’s time, and poisons nothing', async () => {
    const gateway = await startGateway({ env: { REQUEST_TIMEOUT_MS: '700' } });
    await updateSession(gateway);
    const token = gateway.emulator.entra.mintToken();
    gateway.emulator.entra.respondWith(forRequests({ method: 'POST' }, hang()));
    const { body } = await updateSession(gateway, { token });
    expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT', outcome: 'NOT_APPLIED' } }]);
    gateway.emulator.entra.clearFaults();
    expect(codesOf([await updateSession(gateway, { token })])).toEqual([undefined]);
  });

  it('is not to blame when Graph does', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(graphError(403, 'Forbidden'));
    await updateSession(gateway);
    expect(exchanges(gateway)).toHaveLength(1);
  });
});
