import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type FailedAnswer, graphErrorDetails, graphFailure } from '../../../src/msgraph/client/graph-failure.ts';

const answerOf = (changes: Partial<FailedAnswer>): FailedAnswer => ({
  status: 500,
  headers: {},
  body: undefined,
  clientRequestId: 'mine',
  retryAfterMs: undefined,
  ...changes,
});

describe('a status of Graph', () => {
  test.each([
    [400, 'BAD_USER_INPUT'],
    [402, 'FORBIDDEN'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [405, 'INTERNAL_SERVER_ERROR'],
    [406, 'INTERNAL_SERVER_ERROR'],
    [409, 'CONFLICT'],
    [410, 'NOT_FOUND'],
    [412, 'CONFLICT'],
    [413, 'INTERNAL_SERVER_ERROR'],
    [415, 'INTERNAL_SERVER_ERROR'],
    [422, 'BAD_USER_INPUT'],
    [423, 'CONFLICT'],
    [429, 'THROTTLED'],
    [500, 'UPSTREAM_UNAVAILABLE'],
    [501, 'UPSTREAM_UNAVAILABLE'],
    [502, 'UPSTREAM_UNAVAILABLE'],
    [503, 'UPSTREAM_UNAVAILABLE'],
    [504, 'UPSTREAM_UNAVAILABLE'],
    [507, 'UPSTREAM_UNAVAILABLE'],
    [509, 'UPSTREAM_UNAVAILABLE'],
    [302, 'UPSTREAM_UNAVAILABLE'],
    [418, 'UPSTREAM_UNAVAILABLE'],
  ])('%i means %s', (status, code) => {
    const error = graphFailure(answerOf({ status }));
    expect(error.code).toBe(code);
    expect(error.details.graph).toMatchObject({ status, clientRequestId: 'mine' });
  });

  test.each([400, 404])('%i for a path that Graph does not know is the operator’s matter', (status) => {
    const message = "Resource not found for the segment 'RemoteHelpSessionRetrieveResponse'.";
    const error = graphFailure(answerOf({ status, body: { error: { code: 'BadRequest', message } } }));
    expect(error.code).toBe('INTERNAL_SERVER_ERROR');
    expect(error.details.hint).toContain('GRAPH_SESSIONS_PATH');
    expect(error.message).not.toContain('segment');
  });

  it('keeps the wait that Graph asked for', () => {
    expect(graphFailure(answerOf({ status: 429, retryAfterMs: 1500 })).retryAfterSeconds).toBe(2);
    expect(graphFailure(answerOf({ status: 429 })).retryAfterSeconds).toBeUndefined();
  });
});

describe('what a support case asks for', () => {
  const ids = { 'request-id': 'theirs', 'client-request-id': 'ours', date: 'Sat, 31 Jan 2026 23:59:30 GMT' };

  it('comes from the headers', () => {
    const body = { error: { code: 'Forbidden', innerError: { 'request-id': 'other', date: '2026-01-31T00:00:00' } } };
    expect(graphErrorDetails(answerOf({ status: 403, headers: ids, body }))).toStrictEqual({
      status: 403,
      code: 'Forbidden',
      requestId: 'theirs',
      clientRequestId: 'ours',
      date: 'Sat, 31 Jan 2026 23:59:30 GMT',
    });
  });

  it.each(['innerError', 'innererror'])('else from the error’s %s', (name) => {
    const inner = { code: 'Inner_Code', 'request-id': 'theirs', date: '2026-01-31T23:59:30' };
    // Graph is known to leave the outer code empty.
    const body = { error: { code: '', message: 'm', [name]: inner } };
    expect(graphErrorDetails(answerOf({ status: 403, body }))).toStrictEqual({
      status: 403,
      code: 'Inner_Code',
      requestId: 'theirs',
      clientRequestId: 'mine',
      date: '2026-01-31T23:59:30',
    });
  });

  it.each([undefined, null, 'text', [], {}, { error: null }, { error: 'text' }, { error: [] }, { error: {} }])(
    'is null where Graph says nothing: %j',
    (body) => {
      expect(graphErrorDetails(answerOf({ body, clientRequestId: null }))).toStrictEqual({
        status: 500,
        code: null,
        requestId: null,
        clientRequestId: null,
        date: null,
      });
    },
  );

  it('holds nothing that could be more than an id', () => {
    const body = { error: { code: 'https://host/sessions(key)?token=canary', innerError: { code: { a: 'canary' } } } };
    const headers = { 'request-id': `${'x'.repeat(101)}canary`, date: 'canary"' };
    expect(JSON.stringify(graphErrorDetails(answerOf({ body, headers })))).not.toContain('canary');
  });
});

describe('the text of Graph', () => {
  it('never reaches a client, wherever Graph puts it and whatever the status', () => {
    const canary = 'canary secret/text';
    const places = fc.constantFrom<(text: string) => unknown>(
      (text) => ({ error: { code: 'BadRequest', message: text } }),
      (text) => ({ error: { code: text, message: JSON.stringify({ Message: text }) } }),
      (text) => ({ error: { code: 'X', message: 'm', innerError: { message: text, code: text, date: text } } }),
      (text) => ({ error: { code: 'X', message: 'm', details: [{ target: text, message: text }] } }),
      (text) => ({ error_description: text, value: text }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), places, fc.string(), (status, place, around) => {
        const error = graphFailure(
          answerOf({ status, body: place(around + canary), headers: { 'request-id': canary } }),
        );
        expect(JSON.stringify([error.message, error.publicExtensions])).not.toContain(canary);
      }),
    );
  });
});
