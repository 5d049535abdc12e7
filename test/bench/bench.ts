import { writeFileSync } from 'node:fs';
import { Client } from 'undici';
import { closedLoop, type Load, openLoop, shoot, WEB_ORIGIN } from './load.ts';
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
  GRAPH_REQUESTS_PER_MINUTE: '1000000',
  CORS_ORIGINS: WEB_ORIGIN,
};
/** The peers are as bare as can be, and faster than any that is to be let at people: they tell what there is to reach. */
const files = {
  floor: 'floor.ts',
  gateway: '../../src/main.ts',
  'bare Apollo': 'bare-apollo.ts',
  'bare Mercurius': 'bare-mercurius.ts',
  tutorial: 'tutorial.ts',
};
type Name = keyof typeof files;
const names = Object.keys(files) as Name[];
const tokens = await upstream.mint(USERS);
const figures: Figure[] = [];
const running: MeasuredServer[] = [];

try {
  const servers = await startAll();
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
  ] as const;
  const single = new Map<Name, number[]>();
  const aliases = new Map<Name, number[]>();
  const micros = new Map<string, number[]>();
  // Node compiles in the process that is measured, for tens of thousands of requests: it is left to finish first.
  for (const name of names) {
    for (const scenario of scenariosOf(name)) await closedLoop(loadFor(servers[name], scenario), 64, WARM_UP_MS);
  }
  for (let round = 1; round <= ROUNDS; round += 1) {
    const spent = new Map<Name, number[]>();
    for (const { scenario, connections } of cells) {
      for (const name of names) {
        const cost = await cpuPerRequest(servers[name], scenario, connections);
        note(micros, `${name} ${scenario} ${connections}`, cost);
        note(spent, name, cost);
      }
    }
    for (const name of names) note(single, name, geometricMean(spent.get(name) ?? []));
    for (const name of names.filter((each) => scenariosOf(each).includes('aliases'))) {
      note(aliases, name, await cpuPerRequest(servers[name], 'aliases', 8));
    }
  }
  for (const name of names.slice(1)) {
    const aim = name === 'gateway' && { atMost: 2 };
    const title = `${name}: CPU per request, update and read`;
    figures.push({ name: title, unit: 'x floor', ...aim, rounds: ratiosToFloor(single, name) });
  }
  for (const name of names.slice(1).filter((each) => aliases.has(each))) {
    const aim = name === 'gateway' && { atMost: 2.6 };
    const title = `${name}: CPU per operation of 100 aliased reads`;
    figures.push({ name: title, unit: 'x floor', ...aim, rounds: ratiosToFloor(aliases, name) });
  }
  for (const [name, rounds] of micros) figures.push({ name: `  ${name}`, unit: 'us', rounds });
}

/** The tutorial way asks Entra for each request: a hundred at once would only measure that. */
function scenariosOf(name: Name): (keyof typeof scenarios)[] {
  return name === 'tutorial' ? ['update', 'read'] : ['update', 'read', 'aliases'];
}

function ratiosToFloor(costs: ReadonlyMap<Name, readonly number[]>, name: Name): number[] {
  return (costs.get(name) ?? []).map((cost, round) => cost / (costs.get('floor')?.[round] ?? Number.NaN));
}

function note<Key>(lists: Map<Key, number[]>, key: Key, value: number): void {
  lists.set(key, [...(lists.get(key) ?? []), value]);
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
      const server = await start(name);
      const client = new Client(server.url);
      await shoot(client, loadFor(server, 'read'), 0);
      millis[name].push(performance.now() - began);
      await client.close();
      await server.stop();
    }
    ratios.push((millis.gateway.at(-1) ?? 0) / (millis.floor.at(-1) ?? 1));
  }
  figures.push({ name: 'cold start, spawn to first answer', unit: 'x floor', atMost: 1.3, rounds: ratios });
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
  return { url: server.url, tokens, shot: scenarios[scenario] };
}

async function startAll(): Promise<Record<Name, MeasuredServer>> {
  const started = await Promise.all(names.map(async (name) => [name, await start(name)] as const));
  return Object.fromEntries(started) as Record<Name, MeasuredServer>;
}

async function start(name: Name): Promise<MeasuredServer> {
  const server = await startServer(name, files[name], env);
  running.push(server);
  return server;
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
