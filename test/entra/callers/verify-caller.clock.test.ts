import { expect, it } from 'vitest';
import { startGateway } from '../../support/gateway.ts';

/** A gateway whose clock a test sets, in Unix seconds. */
async function gatewayAt(seconds: number) {
  const time = { seconds };
  const gateway = await startGateway({ dependencies: { clock: () => time.seconds * 1000 } });
  const statusWith = async (token: string) => (await gateway.query('{ __typename }', { token })).status;
  return { time, statusWith, mint: gateway.emulator.entra.mintToken };
}

const now = Math.floor(Date.now() / 1000);

it.each([
  ['119 seconds after its end', { exp: now - 119 }, 200],
  ['120 seconds after its end', { exp: now - 120 }, 401],
  ['120 seconds before its start', { nbf: now + 120 }, 200],
  ['121 seconds before its start', { nbf: now + 121 }, 401],
])('holds a token %s to a tolerance of 120 seconds', async (_name, options, status) => {
  const { statusWith, mint } = await gatewayAt(now);
  expect(await statusWith(mint(options))).toBe(status);
});

it('refuses a token that it has seen before once its time is over', async () => {
  const { time, statusWith, mint } = await gatewayAt(now);
  const token = mint({ exp: now + 600 });
  expect(await statusWith(token)).toBe(200);
  time.seconds = now + 600 + 119;
  expect(await statusWith(token)).toBe(200);
  time.seconds = now + 600 + 120;
  expect(await statusWith(token)).toBe(401);
});
