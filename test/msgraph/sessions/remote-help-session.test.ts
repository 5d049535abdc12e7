import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { GatewayError } from '../../../src/errors.ts';
import type { SessionType, UpdateRemoteHelpSessionResponseInput } from '../../../src/generated/graphql.ts';
import {
  holdsValues,
  readListedSession,
  readSession,
  selectedProperties,
  sessionSegment,
  writtenSession,
} from '../../../src/msgraph/sessions/remote-help-session.ts';
import { anyText } from '../../support/any-text.ts';
import { dateTimeOffsets } from '../../support/date-time-offsets.ts';

const ODATA_TYPE = '#microsoft.graph.retrieveRemoteHelpSessionResponse';
const text = fc.option(anyText(), { nil: null });
const kinds: Record<string, SessionType> = {
  viewScreen: 'VIEW_SCREEN',
  takeFullControl: 'TAKE_FULL_CONTROL',
  elevation: 'ELEVATION',
  unattended: 'UNATTENDED',
};
const texts = {
  sessionKey: text,
  acsHelperUserToken: text,
  acsHelperUserId: text,
  acsSharerUserId: text,
  acsGroupId: text,
  deviceName: text,
  pubSubGroupId: text,
  pubSubHelperAccessUri: text,
  sessionExpirationDateTime: fc.option(dateTimeOffsets(), { nil: null }),
};

/** An input and the properties that it must become; fields left out at random, some there but undefined. */
const inputs = fc
  .tuple(
    fc.record(texts, { requiredKeys: [] }),
    fc.option(fc.subarray(Object.keys(kinds), { minLength: 1 }), { nil: undefined }),
    fc.boolean(),
    fc.subarray(Object.keys(texts)),
  )
  .map(([fields, flags, asOne, absent]) => {
    const input: Record<string, unknown> = {
      ...Object.fromEntries(absent.map((name) => [name, undefined])),
      ...fields,
    };
    const properties: Record<string, unknown> = { ...fields };
    if (flags !== undefined) {
      properties.sessionType = flags.join(',');
      if (asOne && flags.length === 1) input.sessionType = kinds[flags[0] ?? ''];
      else input.sessionTypes = flags.map((flag) => kinds[flag]);
    }
    return { input: input as UpdateRemoteHelpSessionResponseInput, properties };
  })
  .filter(({ properties }) => Object.keys(properties).length > 0);

const refusal = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
  return undefined;
};

describe('the body of an update', () => {
  it('holds exactly the given fields and the type, explicit nulls included, never undefined', () => {
    fc.assert(
      fc.property(inputs, ({ input, properties }) => {
        const body = writtenSession(input);
        expect(body).toStrictEqual({ '@odata.type': ODATA_TYPE, ...properties });
        expect(JSON.parse(JSON.stringify(body))).toEqual(body);
      }),
    );
  });

  test.each([
    ['no field', {}],
    ['a field that is undefined', { deviceName: undefined }],
    ['both kinds of session type', { sessionType: 'ELEVATION', sessionTypes: ['ELEVATION'] }],
    ['both, with nulls', { sessionType: null, sessionTypes: null }],
    ['an unknown type', { sessionType: 'UNKNOWN_FUTURE_VALUE' }],
    ['an unknown type beside others', { sessionTypes: ['ELEVATION', 'UNKNOWN_FUTURE_VALUE'] }],
    ['no type at all', { sessionTypes: [] }],
  ] as const)('is refused with %s', (_name, input) => {
    expect(refusal(() => writtenSession(input as UpdateRemoteHelpSessionResponseInput))).toBe('BAD_USER_INPUT');
  });

  it('is recognised in what Graph holds after it, and missed when one property differs', () => {
    fc.assert(
      fc.property(inputs, fc.boolean(), ({ input, properties }, wrapped) => {
        const inGraph = { '@odata.type': ODATA_TYPE, webClientUri: 'x', ...properties };
        expect(holdsValues(wrapped ? { value: inGraph } : inGraph, input)).toBe(true);
        const [name = ''] = Object.keys(properties);
        expect(holdsValues({ ...inGraph, [name]: `${properties[name]}?` }, input)).toBe(false);
      }),
    );
    expect(holdsValues(undefined, { deviceName: null })).toBe(false);
    expect(holdsValues({}, { deviceName: null })).toBe(true);
    expect(holdsValues({ sessionType: 'elevation,viewScreen' }, { sessionTypes: ['VIEW_SCREEN', 'ELEVATION'] })).toBe(
      true,
    );
  });
});

describe('the path segment of an id', () => {
  const ids = fc
    .oneof(anyText({ minLength: 1, maxLength: 80 }), fc.stringMatching(/^[%./\\?#&=+:;@ '"2fFeE]{1,40}$/))
    .filter((id) => !/^\.{1,2}$|^\$|[()]|^microsoft\.graph\./i.test(id));

  it('is one segment, and decodes to the id', () => {
    fc.assert(
      fc.property(ids, (id) => {
        const segment = sessionSegment(id);
        expect(segment).toMatch(/^[\w.~!*'%-]+$/);
        expect(decodeURIComponent(segment)).toBe(id);
        // As a URL parser sees it: nothing is dropped, cut off or resolved.
        const url = new URL(`https://graph.microsoft.com/beta/c/${segment}?$select=x`);
        expect([url.pathname, url.search]).toEqual([`/beta/c/${segment}`, '?$select=x']);
      }),
    );
  });

  it.each(['a$count', '%24count', ' $count', 'microsoft.graph', 'microsoft-graph.x', '...', 'a.b', "'x'", 'x,y=z'])(
    'exists for %j, which OData reads as a key',
    (id) => {
      expect(decodeURIComponent(sessionSegment(id))).toBe(id);
    },
  );

  it.each([512, 1])('may have %i characters', (length) => {
    expect(sessionSegment('x'.repeat(length))).toHaveLength(length);
  });

  it.each([
    ...['', '.', '..', 'x'.repeat(513), '\ud800', 'a\udc00b'],
    ...[
      '$count',
      '$value',
      '$',
      '$ref',
      "('x')",
      'a(b',
      'a)b',
      'x()',
      'microsoft.graph.delta',
      'Microsoft.Graph.delta()',
    ],
    'MICROSOFT.GRAPH.user',
  ])('does not exist for %j', (id) => {
    expect(refusal(() => sessionSegment(id))).toBe('BAD_USER_INPUT');
  });
});

describe('a session of Graph', () => {
  it.each([
    ['flat', (session: unknown) => session],
    ['wrapped in value', (session: unknown) => ({ '@odata.context': 'x', value: session })],
  ])('is read %s, annotated or not, with properties that nobody knows', (_form, put) => {
    for (const more of [{}, { '@odata.type': ODATA_TYPE, invented: { deep: [1] } }]) {
      const session = { deviceName: 'Tablet', sessionType: 'viewScreen, elevation', acsGroupId: null, ...more };
      expect(readSession('k', put(session))).toMatchObject({
        id: 'k',
        deviceName: 'Tablet',
        sessionType: 'ELEVATION',
        sessionTypes: ['VIEW_SCREEN', 'ELEVATION'],
        acsGroupId: null,
        sessionKey: null,
        sessionExpirationDateTime: null,
      });
    }
  });

  it('has an error in the place of each property of the wrong type, and only there', () => {
    const wrong = {
      deviceName: 7,
      sessionKey: { canary: 1 },
      sessionType: ['viewScreen'],
      sessionExpirationDateTime: '2026-02-30T00:00:00Z',
      acsGroupId: 'right',
    };
    const session = readSession('k', wrong, { outcome: 'APPLIED' });
    for (const field of [
      'deviceName',
      'sessionKey',
      'sessionType',
      'sessionTypes',
      'sessionExpirationDateTime',
    ] as const) {
      expect(session[field]).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', details: { outcome: 'APPLIED' } });
    }
    expect(session).toMatchObject({ acsGroupId: 'right', pubSubGroupId: null });
  });

  it.each([undefined, null, 'text', [], { value: null }, { value: 'text' }, { value: [{}] }, { error: {} }])(
    'is not %j',
    (body) => {
      expect(refusal(() => readSession('k', body))).toBe('UPSTREAM_UNAVAILABLE');
    },
  );

  it('in a list is known by its id, else by its session key', () => {
    expect(readListedSession({ id: 'i', sessionKey: 's' })).toMatchObject({ id: 'i' });
    expect(readListedSession({ id: '', sessionKey: 's' })).toMatchObject({ id: 's' });
    expect(readListedSession({ deviceName: 'Tablet' })).toMatchObject({
      deviceName: 'Tablet',
      id: expect.any(GatewayError),
    });
    expect(readListedSession('text')).toBeInstanceOf(GatewayError);
  });
});

describe('the properties that are asked for', () => {
  test.each([
    [
      ['deviceName', 'sessionTypes', 'sessionType'],
      ['deviceName', 'sessionType'],
    ],
    [['id', '__typename'], []],
    [['id', 'acsGroupId', 'notOurs'], ['acsGroupId']],
  ])('of one session for %j', (fields, properties) => {
    expect(selectedProperties(fields, 'single')).toEqual(properties);
  });

  it('of a list hold the session key where its id is wanted, and no secret otherwise', () => {
    expect(selectedProperties(['id', 'deviceName'], 'list')).toEqual(['sessionKey', 'deviceName']);
    expect(selectedProperties(['__typename'], 'list')).toEqual([]);
  });
});
