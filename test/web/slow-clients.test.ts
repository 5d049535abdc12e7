import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { openRaw, readRaw } from '../support/raw-exchange.ts';

const slowClients = { headersMs: 40, requestMs: 80, checkEveryMs: 10, answerMs: 5_000 };

it.each([
  ['headers', ''],
  ['headers, one byte now and then', 'drip'],
  ['a body', 'body'],
])('ends a connection whose %s never come to an end', async (_name, kind) => {
  const { url, query, emulator } = await startGateway({ dependencies: { slowClients } });
  const start = `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${emulator.entra.mintToken()}\r\n`;
  const whole = 'content-type: application/json\r\ncontent-length: 1000\r\n\r\n{"query":';
  const { socket, answer } = await openRaw(url, kind === 'body' ? start + whole : `${start}x-slow: `);
  const drip = setInterval(() => socket.write('a'), 10);
  if (kind === '') clearInterval(drip);
  const { status, head, body } = readRaw(await answer());
  clearInterval(drip);
  expect(status).toBe(408);
  expect(head.toLowerCase()).toContain('connection: close');
  expect(body).toEqual({
    errors: [{ message: 'The request took too long to arrive.', extensions: { code: 'BAD_REQUEST' } }],
  });
  expect((await query('{ __typename }')).status).toBe(200);
});

it('has such limits without being told', async () => {
  const { server } = await startGateway();
  const { headersTimeout, requestTimeout, keepAliveTimeout } = server.app.server;
  expect({ headersTimeout, requestTimeout, keepAliveTimeout }).toEqual({
    headersTimeout: 20_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
  });
});
