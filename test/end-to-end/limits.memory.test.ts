import { setTimeout } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { expect, it, onTestFinished, vi } from 'vitest';
import { costlyDocuments } from '../support/costly-documents.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';

/** How many uses would end a heap of 128 MiB in which nothing is bounded. */
const attacks: readonly [string, number, (use: number) => string][] = [
  ['documents with 60 KB of comment', 1_500, costlyDocuments.comments],
  ['fragments that open to thousands of fields', 120, costlyDocuments.fragments],
  ['as many tokens as there may be', 150, costlyDocuments.tokens],
];

it.each(attacks)(
  'a heap of 128 MiB bears %s, and goes on serving',
  async (_name, count, documentOf) => {
    const gateway = startGatewayProcess({
      NODE_OPTIONS: '--max-old-space-size=128',
      RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'silent',
    });
    const url = await gateway.url();
    const token = /authorization: Bearer ([\w.-]+)/.exec(gateway.stdout())?.[1];
    const agent = new Agent({ connections: 8 });
    onTestFinished(() => agent.destroy());
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const post = async (query: string) => {
      const init = { method: 'POST', headers, body: JSON.stringify({ query }), dispatcher: agent } as const;
      const answer = await request(`${url}/graphql`, init);
      await answer.body.dump();
      return answer.statusCode;
    };
    const uses = Array.from({ length: count }, (_, use) => use).values();
    const caller = async () => {
      for (const use of uses) {
        let status = await post(documentOf(use));
        // A process that is pressed says so; what it has not taken proves nothing.
        while (status === 503) {
          await setTimeout(200);
          status = await post(documentOf(use));
        }
        expect([200, 400]).toContain(status);
      }
    };
    await Promise.all(Array.from({ length: 4 }, caller));
    // It may have been told to come back meanwhile; a process without memory would never serve again.
    const ordinary = '{ remoteHelpSessionResponse(id: "session-1") { id } }';
    await vi.waitUntil(async () => (await post(ordinary)) === 200, { timeout: 20_000, interval: 500 });
    expect(gateway.child.exitCode).toBeNull();
  },
  180_000,
);
