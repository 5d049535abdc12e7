import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { SLOW_CLIENTS } from '../../src/web/http-limits.ts';
import { createHttpServer } from '../../src/web/http-server.ts';

it('goes on listening, and says so, when a connection cannot be taken', async () => {
  const lines: unknown[] = [];
  const logger = { error: (...line: unknown[]) => void lines.push(line) };
  const server = createHttpServer((_request, response) => void response.end('served'), {
    slowClients: SLOW_CLIENTS,
    logger: logger as never,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const error = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' });
  server.emit('error', error);
  expect(lines).toStrictEqual([[{ err: error }, 'a connection could not be taken']]);
  expect(server.listening).toBe(true);
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  expect(await (await fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close' } })).text()).toBe('served');
});
