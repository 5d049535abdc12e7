import { Client } from 'undici';
import { installedRedis, startRedis } from '../replicas/redis-server.ts';
import { closedLoop, type Load, shoot } from './load.ts';
import { type MeasuredServer, startServer, type Upstream } from './processes.ts';
import type { Figure } from './report.ts';
import { scenarios } from './scenarios.ts';

export interface ReplicasBench {
  readonly upstream: Upstream;
  /** The gateway's settings, without a Redis. */
  readonly env: Record<string, string>;
  readonly rounds: number;
  readonly windowMs: number;
}

const USERS = 200;
const CONNECTIONS = 16;
const GATEWAY = '../../src/main.ts';

/**
 * Two processes with a Redis: how many exchanges 200 users are, and what a request costs while Redis is used, frozen and
 * gone, as ratios to a gateway without one in the same round. No rows where no Redis is installed.
 */
export async function measureReplicas({ upstream, env, rounds, windowMs }: ReplicasBench): Promise<Figure[]> {
  if (installedRedis.length === 0) {
    process.stderr.write('No rows for replicas: redis-server is not installed.\n');
    return [];
  }
  const redis = await startRedis();
  const running: MeasuredServer[] = [];
  const start = async (settings: Record<string, string> = {}) => {
    const server = await startServer('gateway', GATEWAY, { ...env, GRAPH_REQUESTS_PER_MINUTE: '1000000', ...settings });
    running.push(server);
    return server;
  };
  const shared = { REDIS_URL: redis.url, SHARED_CACHE_SECRET: 'fake-shared-secret' };
  try {
    const [first, afterRestart]: [number[], number[]] = [[], []];
    for (let round = 1; round <= rounds; round += 1) {
      const tokens = await upstream.mint(USERS);
      const old = [await start(shared), await start(shared)];
      first.push(await exchangesOf(upstream, old, tokens));
      const fresh = [await start(shared), await start(shared)];
      await Promise.all(old.map((server) => server.stop()));
      afterRestart.push(await exchangesOf(upstream, fresh, tokens));
      await Promise.all(fresh.map((server) => server.stop()));
    }
    const tokens = await upstream.mint(USERS);
    const [alone, sharing] = [await start(), await start(shared)];
    const measure = async () => {
      const [without, withRedis] = [await cost(alone, tokens, windowMs), await cost(sharing, tokens, windowMs)];
      return { cpu: withRedis.cpu / without.cpu, ms: withRedis.ms / without.ms };
    };
    // Both know all users, and V8 has compiled what it will.
    await measure();
    await measure();
    const states: [string, () => unknown][] = [
      ['used', () => {}],
      ['frozen', redis.freeze],
      ['gone', redis.kill],
    ];
    const costs: Figure[] = [];
    for (const [state, change] of states) {
      await change();
      const ratios = [];
      for (let round = 1; round <= rounds; round += 1) ratios.push(await measure());
      costs.push(
        {
          name: `a read while Redis is ${state}: CPU, to that without Redis`,
          unit: 'x',
          rounds: ratios.map((each) => each.cpu),
        },
        {
          name: `a read while Redis is ${state}: time, to that without Redis`,
          unit: 'x',
          rounds: ratios.map((each) => each.ms),
        },
      );
    }
    return [
      { name: `exchanges for ${USERS} users over two processes`, unit: '', atMost: USERS, rounds: first },
      { name: 'exchanges for the same after a rolling restart', unit: '', atMost: 0, rounds: afterRestart },
      ...costs,
    ];
  } finally {
    await Promise.all(running.map((server) => server.stop()));
    await redis.stop();
  }
}

/** Each user asks one process and then the other. */
async function exchangesOf(upstream: Upstream, servers: readonly MeasuredServer[], tokens: string[]): Promise<number> {
  await upstream.countCalls();
  for (const { url } of servers) {
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async (_, connection) => {
        const client = new Client(url);
        const load: Load = { url, shot: scenarios.read, tokens };
        for (let user = connection; user < tokens.length; user += CONNECTIONS) await shoot(client, load, user);
        await client.close();
      }),
    );
  }
  return (await upstream.countCalls()).token;
}

/** CPU of the gateway for a request in microseconds, and milliseconds until its answer, with callers in closed loops. */
async function cost(server: MeasuredServer, tokens: string[], windowMs: number) {
  const before = server.cpuMicros();
  const load: Load = { url: server.url, shot: scenarios.read, tokens };
  const answered = await closedLoop(load, CONNECTIONS, windowMs);
  return { cpu: (server.cpuMicros() - before) / answered, ms: (windowMs * CONNECTIONS) / answered };
}
