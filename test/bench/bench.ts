import { writeFileSync } from 'node:fs';
import { Client } from 'undici';
import { closedLoop, type Load, openLoop, shoot } from './load.ts';
import { type MeasuredServer, measureTokenCache, pinToOtherCore, startServer, startUpstream } from './processes.ts';
import { measureReplicas } from './replicas.ts';
import { type Figure, printFigures } from './report.ts';
import { scenarios } from './scenarios.ts';

/**
 * `npm run bench`: CPU, latency and memory of the gateway in production settings, as ratios to the floor in the same
 * run, interleaved over several rounds. BENCH_ROUNDS and BENCH_WINDOW_MS shorten it; loopback only.
 */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const WINDOW_MS = Number(process.env.BENCH_WINDOW_MS ?? 2_500);
const WARM_UP_MS = WINDOW_MS * 4;
const ONLY = process.env.BENCH_ONLY?.split(',');
const USERS = 500;

pinToOtherCore();
const upstream = await startUpstream();
const env = {
  ...upstream.env,
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PORT: '0',
  // Switched on as in production, but out of the way of a load that no caller makes.
  RATE_LIMIT_PER_MINUTE: '1000000',
  GRAPH_REQUESTS_PER_MINUTE: '0',
};
const files = { floor: 'floor.ts', gateway: '../../src/main.ts', tutorial: 'tutorial.ts' };
type Name = keyof typeof files;
const tokens = await upstream.mint(USERS);
const figures: Figure[] = [];
const running: MeasuredServer[] = [];

try {
  const servers = await startAll(['floor', 'gateway', 'tutorial']);
  if (wanted('cpu')) await measureCpu(servers);
  if (wanted('latency')) await measureLatency(servers);
  if (wanted('exchange')) await measureExchanges();
  if (wanted('cache')) await measureCache();
  if (wanted('start')) await measureColdStart();
  if (wanted('memory')) await measurePeakMemory();
  if (wanted('replicas'))
    figures.push(...(await measureReplicas({ upstream, env, rounds: ROUNDS, windowMs: WINDOW_MS })));
} finally {
  await Promise.all(running.map((server) => server.stop()));
  await upstream.stop();
}
printFigures(figures);
writeFileSync('bench-results.json', `${JSON.stringify({ rounds: ROUNDS, windowMs: WINDOW_MS, figures }, null, 2)}\n`);

async function measureCpu(servers: Record<Name, MeasuredServer>): Promise<void> {
  const cells = [
    { scenario: 'update', connections: 32 },
    { scenario: 'update', connections: 128 },
    { scenario: 'read', connections: 32 },
    { scenario: 'read', connections: 128 },
    { scenario: 'aliases', connections: 32 },
  ] as const;
  const ratios: Record<string, number[]> = {
    'update and read': [],
    '100 aliases': [],
    'tutorial, update and read': [],
  };
  const micros: Record<string, number[]> = {};
  await warmUp(servers);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const single: Record<Name, number[]> = { floor: [], gateway: [], tutorial: [] };
    for (const { scenario, connections } of cells) {
      const spent = {} as Record<Name, number>;
      for (const name of Object.keys(servers) as Name[]) {
        if (name === 'tutorial' && scenario === 'aliases') continue;
        spent[name] = await cpuPerRequest(servers[name], scenario, connections);
        const key = `${name} ${scenario} ${connections}`;
        micros[key] = [...(micros[key] ?? []), spent[name]];
        if (scenario !== 'aliases') single[name].push(spent[name]);
      }
      if (scenario === 'aliases') ratios['100 aliases']?.push(spent.gateway / spent.floor);
    }
    ratios['update and read']?.push(geometricMean(single.gateway) / geometricMean(single.floor));
    ratios['tutorial, update and read']?.push(geometricMean(single.tutorial) / geometricMean(single.floor));
  }
  figures.push({
    name: 'CPU per request, update and read',
    unit: 'x floor',
    atMost: 2,
    rounds: ratios['update and read'] ?? [],
  });
  figures.push({
    name: 'CPU per operation of 100 aliased reads',
    unit: 'x floor',
    atMost: 2,
    rounds: ratios['100 aliases'] ?? [],
  });
  figures.push({
    name: 'the tutorial way: CPU per request',
    unit: 'x floor',
    rounds: ratios['tutorial, update and read'] ?? [],
  });
  for (const [name, rounds] of Object.entries(micros)) figures.push({ name: `  ${name}`, unit: 'us', rounds });
}

/** Node compiles in the process that is measured, for tens of thousands of requests: it is left to finish first. */
async function warmUp(servers: Record<Name, MeasuredServer>): Promise<void> {
  for (const name of ['floor', 'gateway'] as const) {
    for (const scenario of ['update', 'read', 'aliases'] as const) {
      await closedLoop(loadFor(servers[name], scenario), 64, WARM_UP_MS);
    }
  }
  await closedLoop(loadFor(servers.tutorial, 'update'), 32, WARM_UP_MS);
}

async function cpuPerRequest(
  server: MeasuredServer,
  scenario: keyof typeof scenarios,
  connections: number,
): Promise<number> {
  const load = loadFor(server, scenario);
  const before = server.cpuMicros();
  const answered = await closedLoop(load, connections, WINDOW_MS);
  return (server.cpuMicros() - before) / answered;
}

async function measureLatency(servers: Record<Name, MeasuredServer>): Promise<void> {
  const added: Record<'p50' | 'p99', number[]> = { p50: [], p99: [] };
  await upstream.delay(50);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const at = { floor: [] as number[], gateway: [] as number[] };
    for (const name of ['floor', 'gateway'] as const)
      at[name] = await openLoop(loadFor(servers[name], 'update'), 300, WINDOW_MS * 2);
    added.p50.push(percentile(at.gateway, 0.5) - percentile(at.floor, 0.5));
    added.p99.push(percentile(at.gateway, 0.99) - percentile(at.floor, 0.99));
  }
  await upstream.delay(0);
  figures.push({ name: 'added latency at 300 req/s, p50', unit: 'ms over floor', atMost: 1, rounds: added.p50 });
  figures.push({ name: 'added latency at 300 req/s, p99', unit: 'ms over floor', atMost: 6, rounds: added.p99 });
}

async function measureExchanges(): Promise<void> {
  const calls: { token: number; discovery: number }[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const newcomers = await upstream.mint(200);
    await upstream.countCalls();
    const server = await start('gateway');
    const load: Load = { ...loadFor(server, 'read'), tokens: newcomers };
    const clients = Array.from({ length: 100 }, () => new Client(server.url));
    await Promise.all(Array.from({ length: 1000 }, (_, turn) => shoot(clients[turn % 100] as Client, load, turn)));
    await Promise.all(clients.map((each) => each.close()));
    calls.push(await upstream.countCalls());
    await server.stop();
  }
  figures.push({
    name: 'exchanges for 200 new users x 5',
    unit: 'calls',
    atMost: 200,
    rounds: calls.map(({ token }) => token),
  });
  figures.push({
    name: 'discovery calls for them',
    unit: 'calls',
    atMost: 1,
    rounds: calls.map(({ discovery }) => discovery),
  });
}

async function measureCache(): Promise<void> {
  const { hits, residentMiB } = await measureTokenCache();
  figures.push({ name: 'token cache hit, 100,000 users', unit: 'us of CPU', atMost: 5, rounds: hits });
  figures.push({ name: 'resident memory with them', unit: 'MiB', atMost: 400, rounds: [residentMiB] });
}

async function measureColdStart(): Promise<void> {
  const ratios: number[] = [];
  const millis: Record<'floor' | 'gateway', number[]> = { floor: [], gateway: [] };
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const name of ['floor', 'gateway'] as const) {
      const began = performance.now();
      const server = await startUntaught(name);
      await teach(server, name);
      const client = new Client(server.url);
      await shoot(client, loadFor(server, 'read'), 0);
      millis[name].push(performance.now() - began);
      await client.close();
      await server.stop();
    }
    ratios.push((millis.gateway.at(-1) ?? 0) / (millis.floor.at(-1) ?? 1));
  }
  figures.push({ name: 'cold start, spawn to first answer', unit: 'x floor', atMost: 1.5, rounds: ratios });
  for (const name of ['floor', 'gateway'] as const)
    figures.push({ name: `  ${name}`, unit: 'ms', rounds: millis[name] });
}

async function measurePeakMemory(): Promise<void> {
  const ratios: number[] = [];
  const peaks: Record<'floor' | 'gateway', number[]> = { floor: [], gateway: [] };
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const name of ['floor', 'gateway'] as const) {
      const server = await start(name);
      await closedLoop(loadFor(server, 'update'), 128, WINDOW_MS * 2);
      peaks[name].push(server.peakMemoryMiB());
      await server.stop();
    }
    ratios.push((peaks.gateway.at(-1) ?? 0) / (peaks.floor.at(-1) ?? 1));
  }
  figures.push({ name: 'peak resident memory under 128 connections', unit: 'x floor', atMost: 1.5, rounds: ratios });
  for (const name of ['floor', 'gateway'] as const)
    figures.push({ name: `  ${name}`, unit: 'MiB', rounds: peaks[name] });
}

function loadFor(server: MeasuredServer, scenario: keyof typeof scenarios): Load {
  return { url: server.url, tokens, shot: scenarios[scenario][server.name === 'floor' ? 'floor' : 'graphql'] };
}

async function startAll(names: Name[]): Promise<Record<Name, MeasuredServer>> {
  const started = await Promise.all(names.map(async (name) => [name, await start(name)] as const));
  return Object.fromEntries(started) as Record<Name, MeasuredServer>;
}

async function start(name: Name): Promise<MeasuredServer> {
  const server = await startUntaught(name);
  await teach(server, name);
  return server;
}

async function startUntaught(name: Name): Promise<MeasuredServer> {
  const server = await startServer(name, files[name], env);
  running.push(server);
  return server;
}

/** The floor knows its callers beforehand; the gateway finds out by itself. */
async function teach(server: MeasuredServer, name: Name): Promise<void> {
  if (name !== 'floor') return;
  const client = new Client(server.url);
  const body = JSON.stringify(tokens.map((token) => `Bearer ${token}`));
  await (
    await client.request({ method: 'POST', path: '/tokens', headers: { authorization: 'first' }, body })
  ).body.dump();
  await client.close();
}

function wanted(part: string): boolean {
  return ONLY === undefined || ONLY.includes(part);
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
