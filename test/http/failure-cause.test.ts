import { expect, test } from 'vitest';
import { failureCause } from '../../src/http/failure-cause.ts';
import { HttpFailure } from '../../src/http/http-failure.ts';

const withCode = (code: unknown, cause?: unknown) => Object.assign(new Error('secret text', { cause }), { code });

test.each([
  ['an errno', new HttpFailure('unreachable', false, withCode('ENOTFOUND')), 'ENOTFOUND'],
  [
    'a TLS code',
    new HttpFailure('unreachable', false, withCode('DEPTH_ZERO_SELF_SIGNED_CERT')),
    'DEPTH_ZERO_SELF_SIGNED_CERT',
  ],
  [
    'the first of several addresses',
    new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')]),
    'ECONNREFUSED',
  ],
  ['the system before undici', withCode('UND_ERR_SOCKET', withCode('ECONNRESET')), 'ECONNRESET'],
  ['undici', new HttpFailure('broken', true, withCode('UND_ERR_SOCKET')), 'UND_ERR_SOCKET'],
  ['the kind', new HttpFailure('timeout', true), 'timeout'],
  ['a code that is a sentence', new HttpFailure('broken', true, withCode('Bearer eyJ')), 'broken'],
  ['a code that is a number', withCode(17), 'unknown'],
  ['no error', 'text', 'unknown'],
])('is %s', (_name, failure, cause) => {
  expect(failureCause(failure)).toBe(cause);
});
