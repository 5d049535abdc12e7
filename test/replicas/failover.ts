import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { startGatewayChild } from '../soak/gateway-child.ts';
import { startNginx } from './nginx.ts';
import { startRedis } from './redis-server.ts';

/**
 * `node test/replicas/failover.ts`: two gateways in processes of their own behind nginx, with a Redis that is frozen,
 * moves on, is killed, started again, and killed again and again. It ends with code 1 when a request failed, a user was
 * exchanged twice, or what Redis holds can be read. FAILOVER_PHASE_MS (6000) is how long each state lasts.
 */
const PHASE_MS = Number(process.env.FAILOVER_PHASE_MS ?? 6_000);
const CALLERS = 16;
const USERS = 200;
const READ = 'query Read($id: ID!) { remoteHelpSessionResponse(id: $id) { id deviceName sessionType } }';
const UPDATE = `mutation Update($id: ID!) { updateRemoteHelpSessionResponse(id: $id, input: { deviceName: "Sent" }) {
  remoteHelpSessionResponse { id deviceName } } }`;
const LIST = 'query List { remoteHelpSessionResponses(first: 3) { nodes { id } pageInfo { endCursor } } }';

interface Answer {
  readonly phase: string;
  readonly ms: number;
  readonly failure: string | undefined;
}

const stops: (() => unknown)[] = [];
try {
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  for (const stop of stops.reverse()) await stop();
}

async function run(): Promise<boolean> {
  const emulator = await startEmulator();
  stops.push(() => emulator.close());
  const redis = await startRedis();
  stops.push(() => redis.stop());
  const env = {
    ...emulator.env,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    REDIS_URL: redis.url,
    SHARED_CACHE_SECRET: 'fake-shared-secret',
    RATE_LIMIT_PER_MINUTE: '1000000',
    GRAPH_REQUESTS_PER_MINUTE: '1000000',
  };
  const gateways = [];
  for (let each = 0; each < 2; each += 1) {
    const gateway = await startGatewayChild(env, /eyJ[\w-]{8,}\.|fake-shared-secret/);
    stops.push(() => gateway.stop());
    gateways.push(gateway);
  }
  const nginx = await startNginx(gateways.map(({ url }) => url));
  stops.push(() => nginx.stop());
  const agent = new Agent({ connections: 64 });
  stops.push(() => agent.destroy());

  const oids = Array.from({ length: USERS }, (_, each) => `00000000-0000-4000-8000-${String(each).padStart(12, '0')}`);
  const tokens = await Promise.all(oids.map((oid) => emulator.entra.mintToken({ oid })));
  const id = [...emulator.graph.sessions.keys()][0] ?? '';
  const answers: Answer[] = [];
  let phase = 'used, 200 new users';
  let over = false;

  async function ask(user: number, query: string): Promise<void> {
    const began = performance.now();
    const asked = phase;
    const failure = await request(`${nginx.url}/graphql`, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[user]}` },
      body: JSON.stringify({ query, ...(query !== LIST && { variables: { id } }) }),
    }).then(
      async ({ statusCode, body }) => {
        const text = await body.text();
        return statusCode === 200 && !text.includes('"errors"') ? undefined : `${statusCode} ${text.slice(0, 200)}`;
      },
      (error: unknown) => String(error),
    );
    answers.push({ phase: asked, ms: performance.now() - began, failure });
  }

  async function during(name: string, change: () => unknown): Promise<void> {
    phase = name;
    await change();
    await sleep(PHASE_MS);
  }

  // One user after the other, twice each, so that both processes meet each of them.
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => {
      for (let user = caller; user < USERS; user += CALLERS) for (const query of [READ, LIST]) await ask(user, query);
    }),
  );
  const exchanges = emulator.entra.requests.filter(({ path }) => path.endsWith('/token')).length;
  const dump = [...(await redis.dump())].flat();
  phase = 'used';
  const callers = Array.from({ length: CALLERS }, async (_, caller) => {
    for (let turn = caller; !over; turn += CALLERS + 1) {
      await ask(turn % USERS, [READ, READ, UPDATE, LIST][turn % 4] ?? READ);
    }
  });
  await sleep(PHASE_MS);
  await during('frozen', redis.freeze);
  await during('moves on', redis.thaw);
  await during('killed', redis.kill);
  await during('started again, empty', redis.start);
  await during('killed and started, again and again', async () => {
    for (let each = 0; each < 5; each += 1) {
      await redis.kill();
      await sleep(PHASE_MS / 20);
      await redis.start();
      await sleep(PHASE_MS / 20);
    }
  });
  over = true;
  await Promise.all(callers);

  dump.push(...[...(await redis.dump())].flat());
  const plain = [...dump, ...dump.map((each) => Buffer.from(each, 'base64').toString('latin1'))].join('\n');
  const { tenantId, clientId } = emulator.entra;
  const readable = [...tokens, ...oids, id, tenantId, clientId, 'deviceName'].filter((each) => plain.includes(each));
  readable.push(...(plain.match(/eyJ[\w-]{8,}\.[\w-]{8,}/g) ?? []));
  const failures = answers.filter(({ failure }) => failure !== undefined);
  const leaks = gateways.reduce((sum, gateway) => sum + gateway.leaks, 0);
  const rows = [...new Set(answers.map((each) => each.phase))].map((name) => {
    const times = answers.filter((each) => each.phase === name).map(({ ms }) => ms);
    times.sort((one, other) => one - other);
    const at = (part: number) => (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0).toFixed(1);
    const failed = failures.filter((each) => each.phase === name).length;
    return `| ${name} | ${times.length} | ${failed} | ${at(0.5)} | ${at(0.99)} | ${at(1)} |`;
  });
  process.stdout.write(`| Redis | requests | failed | median ms | 99 % ms | slowest ms |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

${USERS} users over two processes: ${exchanges} exchanges. Keys and values looked at in Redis: ${dump.length}, readable: ${readable.length}. Log lines with a secret: ${leaks}.
${failures
  .slice(0, 5)
  .map((each) => `${each.phase}: ${each.failure}\n`)
  .join('')}`);
  return failures.length === 0 && readable.length === 0 && exchanges === USERS && leaks === 0;
}
