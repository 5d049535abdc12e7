import { errors } from 'jose';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/errors.ts';
import { HttpFailure } from '../../../src/http/http-failure.ts';
import { causesOf } from '../../../src/observability/log/causes.ts';
import { noteFailure } from '../../../src/observability/note-failure.ts';
import { startOperationRecord } from '../../../src/observability/operation-record.ts';

const coded = (fields: object) => Object.assign(new Error('holds what was sent'), fields);
const unavailable = (details: ConstructorParameters<typeof GatewayError>[2]) =>
  new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Graph could not be reached.', details);
const broken = (cause: unknown) => unavailable({ cause: new HttpFailure('unreachable', false, cause) });
const graph = { status: 403, code: 'Forbidden', requestId: 'r', clientRequestId: 'c', date: null };

describe('the causes of a failure', () => {
  it.each<[string, unknown, string[]]>([
    [
      'a name that is not known',
      broken(coded({ code: 'ENOTFOUND', hostname: 'graph.example' })),
      ['ENOTFOUND graph.example'],
    ],
    [
      'nobody who listens',
      broken(coded({ code: 'ECONNREFUSED', address: '127.0.0.1', port: 9 })),
      ['ECONNREFUSED 127.0.0.1:9'],
    ],
    ['a certificate', broken(coded({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })), ['DEPTH_ZERO_SELF_SIGNED_CERT']],
    [
      'what undici wraps',
      broken(coded({ code: 'UND_ERR_SOCKET', cause: coded({ code: 'ECONNRESET' }) })),
      ['ECONNRESET'],
    ],
    [
      'several addresses',
      broken(
        new AggregateError([coded({ code: 'ECONNREFUSED', address: '::1', port: 9 }), coded({ code: 'ENETUNREACH' })]),
      ),
      ['ECONNREFUSED ::1:9', 'ENETUNREACH'],
    ],
    ['time that ran out', unavailable({ cause: new HttpFailure('slow', true) }), ['no answer: slow']],
    ["Graph's word", unavailable({ graph }), ['graph 403 Forbidden']],
    ["Graph's status without a word", unavailable({ graph: { ...graph, code: null } }), ['graph 403']],
    [
      'a hint and what is below it, once',
      unavailable({
        hint: 'no connection: ENOTFOUND graph.example; look at GRAPH_BASE_URL',
        cause: coded({ code: 'ENOTFOUND' }),
      }),
      ['no connection: ENOTFOUND graph.example; look at GRAPH_BASE_URL'],
    ],
    [
      'a claim',
      new GatewayError('UNAUTHENTICATED', 'x', {
        cause: new errors.JWTClaimValidationFailed('unexpected "aud" claim value', { aud: 'x' }, 'aud', 'check_failed'),
      }),
      ['ERR_JWT_CLAIM_VALIDATION_FAILED aud'],
    ],
    ['a failure of this gateway below', unavailable({ cause: unavailable({ hint: 'the keys' }) }), ['the keys']],
    ['nothing to say', new GatewayError('BAD_USER_INPUT', 'x'), []],
    ['a bug', new TypeError('holds what was sent'), []],
    ['no error at all', { code: 'ENOTFOUND' }, []],
  ])('%s', (_name, failure, expected) => {
    expect(causesOf(failure)).toEqual(expected);
  });

  it('never hold a text that is not of a known form', () => {
    const odd = [{ code: 'not a code' }, { code: 'a=eyJhbGciOiJ9.e30.x' }, { kind: 'what was sent' }, { code: 5 }];
    for (const each of odd) expect(causesOf(coded(each))).toEqual([]);
    expect(causesOf(coded({ code: 'ENOTFOUND', hostname: 'a b\n"c' }))).toEqual(['ENOTFOUND']);
  });

  it('end where an error is its own cause', () => {
    const circle = coded({});
    circle.cause = circle;
    expect(causesOf(unavailable({ cause: circle }))).toEqual([]);
  });
});

it('an operation notes each code and each cause once, and only so many', () => {
  const record = startOperationRecord();
  for (let turn = 0; turn < 1000; turn += 1) {
    noteFailure(record, 'FORBIDDEN', unavailable({ graph }));
    noteFailure(record, 'UPSTREAM_UNAVAILABLE', unavailable({ graph: { ...graph, status: turn } }));
  }
  expect(record.errorCodes).toEqual(['FORBIDDEN', 'UPSTREAM_UNAVAILABLE']);
  expect(record.causes).toHaveLength(8);
  expect(record.causes[0]).toBe('graph 403 Forbidden');
});
