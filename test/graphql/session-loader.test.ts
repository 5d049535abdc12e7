import { expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { createSessionLoader } from '../../src/graphql/session-loader.ts';
import type { GraphSession } from '../../src/msgraph/client/graph-client.ts';
import type { SessionReader } from '../../src/msgraph/sessions/read-sessions.ts';
import { type RemoteHelpSession, readSession } from '../../src/msgraph/sessions/remote-help-session.ts';
import type { GraphProperty } from '../../src/msgraph/sessions/session-properties.ts';

/** A Graph in which the device of each session is named for the read that asked. `reads` says what was asked. */
function scene() {
  const reads: string[][] = [];
  const reader: SessionReader = {
    async read(each) {
      reads.push(each.map(({ id, properties }) => `${id}: ${properties}`));
      return each.map(({ id }) => (id === 'bad' ? new GatewayError('FORBIDDEN', 'no') : session(id, reads.length)));
    },
    async readRaw() {
      throw new Error('not asked for here');
    },
  };
  return { reads, sessions: createSessionLoader(reader, {} as GraphSession) };
}

const session = (id: string, read: number): RemoteHelpSession => readSession(id, { deviceName: `read ${read}` });
const both: GraphProperty[] = ['deviceName', 'acsGroupId'];

it('reads each id of a tick once, with all the properties together', async () => {
  const { sessions, reads } = scene();
  const [a, , again] = await Promise.all([
    sessions.load('a', ['deviceName']),
    sessions.load('b', ['deviceName']),
    sessions.load('a', ['acsGroupId', 'deviceName']),
  ]);
  expect(reads).toEqual([['a: deviceName,acsGroupId', 'b: deviceName']]);
  expect(again).toBe(a);
});

it('keeps errors and impossible ids to themselves', async () => {
  const { sessions, reads } = scene();
  const [good, bad, impossible] = await Promise.allSettled(['a', 'bad', '..'].map((id) => sessions.load(id, both)));
  expect(good?.status).toBe('fulfilled');
  expect(bad).toMatchObject({ reason: { code: 'FORBIDDEN' } });
  expect(impossible).toMatchObject({ reason: { code: 'BAD_USER_INPUT' } });
  expect(reads).toEqual([['a: deviceName,acsGroupId', 'bad: deviceName,acsGroupId']]);
});
