import { expect, it } from 'vitest';
import { loadSchemaSource } from '../../src/graphql/schema.ts';
import { createLog } from '../../src/observability/log/create-log.ts';

const { sensitiveFields } = loadSchemaSource();
const clientSecret = 'client~secret"with\\signs';
const token = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from('{"a":1}').toString('base64url')}.c2lnbmF0dXJl`;

function startLog() {
  const lines: string[] = [];
  const { logger } = createLog({
    level: 'trace',
    sensitiveFields,
    secrets: [clientSecret],
    output: { write: (line) => void lines.push(line), writeNow: () => undefined },
  });
  return { logger, text: () => lines.join(''), line: () => JSON.parse(lines.at(-1) ?? '{}') };
}

it('knows the secrets of the schema', () => {
  expect(sensitiveFields).toEqual(
    expect.arrayContaining(['sessionKey', 'acsHelperUserToken', 'pubSubHelperAccessUri', 'webClientUri']),
  );
});

it.each([...sensitiveFields, 'authorization', 'assertion', 'client_secret', 'client_assertion'])(
  'hides the value of %s at any depth',
  (name) => {
    const { logger, text } = startLog();
    logger.trace({
      [name]: 'canary',
      a: { [name]: ['canary'] },
      b: [{ c: { d: { e: [{ [name]: { f: 'canary' } }] } } }],
    });
    logger.child({}).info({ [name]: 'canary' }, 'message');
    expect(text()).not.toContain('canary');
    expect(text()).toContain('[redacted]');
  },
);

it.each<[string, (log: ReturnType<typeof startLog>['logger']) => void]>([
  ['a message', (log) => log.info(`it was ${token}, and ${clientSecret}`)],
  ['a message with parts', (log) => log.info('it was %s and %s', token, clientSecret)],
  ['a field', (log) => log.info({ note: token, other: clientSecret })],
  ['a field of a child', (log) => log.child({ note: token, other: clientSecret }).info('message')],
  ['a list', (log) => log.info({ notes: [[token, clientSecret]] })],
  ['an error', (log) => log.info({ err: new Error(`${token} ${clientSecret}`) })],
  ['an error by itself', (log) => log.error(new Error(`${token} ${clientSecret}`))],
  ['a cause', (log) => log.error({ err: new Error('a', { cause: new TypeError(`${token} ${clientSecret}`) }) })],
  ['a value that is no error', (log) => log.error({ err: { note: `${token} ${clientSecret}` } })],
])('hides tokens and the client secret in %s', (_name, write) => {
  const { logger, text, line } = startLog();
  write(logger);
  expect(line()).toHaveProperty('level');
  for (const secret of [token, token.split('.')[1], token.split('.')[2], clientSecret, 'with\\\\signs']) {
    expect(text()).not.toContain(secret);
  }
});

it('hides what follows "Bearer", whatever it is', () => {
  const { logger, text } = startLog();
  logger.info({ note: 'Bearer opaque-token_1/2+3=' });
  expect(text()).not.toContain('opaque');
});

it('writes of an error what helps, and nothing that a library hung on it', () => {
  const { logger, line } = startLog();
  const request = { headers: { cookie: 'canary' } };
  const err = Object.assign(new Error('broken', { cause: Object.assign(new Error('below'), { request }) }), {
    code: 'ECONNRESET',
    request,
  });
  logger.error({ err }, 'message');
  expect(line().err).toMatchObject({ type: 'Error', message: expect.stringContaining('broken'), code: 'ECONNRESET' });
  expect(line().err.cause.message).toContain('below');
  expect(JSON.stringify(line())).not.toContain('canary');
});

it('survives what goes round in circles, or on and on', () => {
  const { logger, line } = startLog();
  const circle: Record<string, unknown> = { name: 'circle' };
  circle.self = circle;
  circle.list = Array.from({ length: 1_000 }, () => ({ circle }));
  expect(() => logger.info({ circle }, 'message')).not.toThrow();
  const err = new Error('its own cause');
  err.cause = err;
  expect(() => logger.info({ err }, 'message')).not.toThrow();
  expect(line().msg).toBe('message');
});

it('leaves the rest as it is', () => {
  const { logger, line } = startLog();
  logger.info({ deviceName: 'Tablet', list: [1, null, { a: true }] }, 'eye, eyJ and Bearers');
  expect(line()).toMatchObject({ deviceName: 'Tablet', list: [1, null, { a: true }], msg: 'eye, eyJ and Bearers' });
});
