import { expect, it } from 'vitest';
import { startEmulator } from '../../../src/emulator/emulator.ts';
import { type GraphQLAnswer, startGateway } from '../../support/gateway.ts';
import { updatedSession, updateSession } from '../../support/update-session.ts';

const USERS = 200;
const EACH = 5;

it('serves 1,000 concurrent requests of 200 users with 200 exchanges, and none with another user’s token', async () => {
  const users = Array.from({ length: USERS }, (_, index) => `user-${index}`);
  const emulator = await startEmulator({ sessions: users.map((user) => [`session of ${user}`, {}]) });
  const gateway = await startGateway({ emulator, env: { REQUEST_TIMEOUT_MS: '120000' } });
  try {
    const tokens = new Map(users.map((user) => [user, emulator.entra.mintToken({ oid: user })]));
    const requests = Array.from({ length: EACH }, () => users).flat();
    const paths = () => emulator.entra.requests.map(({ path }) => path);
    const count = (ending: string) => paths().filter((path) => path.endsWith(ending)).length;
    const updateOf = async (user: string): Promise<GraphQLAnswer> => {
      const token = tokens.get(user) ?? '';
      const answer = await updateSession(gateway, { id: `session of ${user}`, input: { deviceName: user }, token });
      // A starved machine makes the gateway shed load; a client then asks again.
      return answer.status === 503 ? updateOf(user) : answer;
    };

    const answers = await Promise.all(requests.map(updateOf));
    expect(answers.map(updatedSession)).toEqual(
      requests.map((user) => ({ id: `session of ${user}`, deviceName: user })),
    );
    expect(count('/oauth2/v2.0/token')).toBe(USERS);
    expect(count('/v2.0/.well-known/openid-configuration')).toBeLessThanOrEqual(1);

    const again = await Promise.all(requests.map(updateOf));
    expect(again.every((answer) => updatedSession(answer) !== undefined)).toBe(true);
    expect(count('/oauth2/v2.0/token')).toBe(USERS);
    expect(count('/v2.0/.well-known/openid-configuration')).toBeLessThanOrEqual(1);

    expect(emulator.graph.requests).toHaveLength(2 * USERS * EACH);
    for (const { url, body, oid, status } of emulator.graph.requests) {
      const user = /session%20of%20(user-\d+)$/.exec(url)?.[1];
      expect([oid, (body as { deviceName: string }).deviceName, status]).toEqual([user, user, 200]);
    }
  } finally {
    await emulator.close();
  }
}, 120_000);
