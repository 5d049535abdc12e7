import { forRequests, hang, repeated } from '../../../src/emulator/faults.ts';
import type { Attack } from '../attack.ts';

const AT_ONCE = 400;

/** Strangers' tokens with key ids that nobody knows, while Entra's key document hangs. */
export const inventedKeys: Attack = {
  name: 'invented-keys',
  begin({ emulator: { entra } }) {
    entra.respondWith(forRequests({ method: 'GET' }, repeated(Number.POSITIVE_INFINITY, hang())));
  },
  async turn({ ask, emulator, next }) {
    const token = emulator.entra.mintToken({ header: { kid: `invented-${next()}` } });
    const tokens = Array.from({ length: AT_ONCE }, () => withKey(token, `invented-${next()}`));
    await Promise.all(tokens.map((each) => ask(each, '{ __typename }')));
  },
  inspect: ({ answers }) => ((answers.get('200') ?? 0) > 0 ? ['a stranger was let in'] : []),
};

function withKey(token: string, kid: string): string {
  const [, ...rest] = token.split('.');
  return [Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'JWT', kid })).toString('base64url'), ...rest].join('.');
}
