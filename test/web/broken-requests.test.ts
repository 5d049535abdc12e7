import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { openRaw, readRaw } from '../support/raw-exchange.ts';

it.each([
  ['no HTTP', 'EHLO mail.example\r\n\r\n', 400],
  ['a header without colon', 'GET /livez HTTP/1.1\r\nhost: x\r\nnonsense\r\n\r\n', 400],
  ['two lengths', 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', 400],
  [
    'a length and chunks (request smuggling)',
    'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['headers of 200 KiB', `GET /livez HTTP/1.1\r\nhost: x\r\nx-large: ${'a'.repeat(200 * 1024)}\r\n\r\n`, 431],
  ['an address of 200 KiB', `GET /graphql?query=${'a'.repeat(200 * 1024)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
])('answers %s in the shape of GraphQL, and closes the connection', async (_name, request, expected) => {
  const { url, query } = await startGateway();
  const { answer } = await openRaw(url, request);
  const { status, head, body } = readRaw(await answer());
  expect(status).toBe(expected);
  expect(head.toLowerCase()).toContain('cache-control: no-store');
  expect(body).toEqual({ errors: [{ message: expect.any(String), extensions: { code: 'BAD_REQUEST' } }] });
  expect((await query('{ __typename }')).status).toBe(200);
});

it('refuses two Authorization headers, whichever holds a good token', async () => {
  const { url, emulator } = await startGateway();
  const good = `authorization: Bearer ${emulator.entra.mintToken()}\r\n`;
  for (const headers of [good + good, `${good}authorization: Bearer a.b.c\r\n`]) {
    const body = '{"query":"{ __typename }"}';
    const { answer } = await openRaw(
      url,
      `POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`,
    );
    const { status } = readRaw(await answer());
    expect(status).toBe(401);
  }
});
