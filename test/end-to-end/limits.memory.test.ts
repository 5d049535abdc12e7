import { Agent, request } from 'undici';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startGatewayProcess } from '../support/gateway-process.ts';

const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');
const comment = 'c'.repeat(60 * 1024);

/** Each lets a caller make the process keep as much as it can for one request. `use` makes every document another one. */
const attacks: readonly [string, number, (use: number) => Record<string, unknown>][] = [
  ['documents with 60 KB of comment', 1_500, (use) => ({ query: `query q${use} { __typename } #${comment}` })],
  [
    'fragments that open to thousands of fields',
    300,
    (use) => ({
      query: `query q${use} { ${times(100, (i) => `a${i}: remoteHelpSessionResponse(id: "..") { ...F }`)} }
        fragment F on RemoteHelpSessionResponse { ${times(40, (i) => `f${i}: id`)} }`,
    }),
  ],
  [
    'as many tokens as there may be',
    300,
    (use) => ({ query: `query q${use} { ${times(4_900, () => '__typename')} }` }),
  ],
];

it.each(attacks)(
  'a heap of 256 MiB bears %s, and goes on serving',
  async (_name, count, bodyOf) => {
    const gateway = startGatewayProcess({
      NODE_OPTIONS: '--max-old-space-size=256',
      RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'silent',
    });
    const url = await gateway.url();
    const token = /authorization: Bearer ([\w.-]+)/.exec(gateway.stdout())?.[1];
    const agent = new Agent({ connections: 8 });
    onTestFinished(() => agent.destroy());
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const post = async (body: Record<string, unknown>) => {
      const init = { method: 'POST', headers, body: JSON.stringify(body), dispatcher: agent } as const;
      const answer = await request(`${url}/graphql`, init);
      await answer.body.dump();
      return answer.statusCode;
    };
    const uses = Array.from({ length: count }, (_, use) => use).values();
    const caller = async () => {
      for (const use of uses) expect([200, 400, 503]).toContain(await post(bodyOf(use)));
    };
    await Promise.all(Array.from({ length: 4 }, caller));
    // It may have been told to come back meanwhile; a process without memory would never serve again.
    const ordinary = { query: '{ remoteHelpSessionResponse(id: "session-1") { id } }' };
    await vi.waitUntil(async () => (await post(ordinary)) === 200, { timeout: 20_000, interval: 500 });
    expect(gateway.child.exitCode).toBeNull();
  },
  120_000,
);
