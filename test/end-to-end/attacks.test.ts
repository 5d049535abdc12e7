import { connect, type Socket } from 'node:net';
import { Agent, request } from 'undici';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { forRequests, hang, repeated } from '../../src/emulator/faults.ts';
import { type AliasedSecrets, addSecrets, aliasedSecrets } from '../support/aliased-secrets.ts';
import { enlarged } from '../support/enlarged.ts';
import { operations } from '../support/fault-table.ts';
import type { ProcessLimits } from '../support/gateway-command.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { httpPost } from '../support/http-post.ts';

/** The short form of what `npm run soak` does for minutes: a small process, an attack, and an ordinary caller. */
const SMALL: ProcessLimits = { heapMiB: 256 };
const forEver = Number.POSITIVE_INFINITY;
const people = (count: number) =>
  Array.from({ length: count }, (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`);

let emulator: Emulator;
let agent: Agent;
beforeEach(async () => {
  emulator = await startEmulator();
  agent = new Agent({ connections: 1024 });
  onTestFinished(async () => {
    await agent.destroy();
    await emulator.close();
  });
});

async function scene(limits: ProcessLimits, env: Record<string, string> = {}) {
  const gateway = startGatewayProcess({ ...emulator.env, NODE_ENV: 'production', HOST: '127.0.0.1', ...env }, limits);
  const url = await gateway.url();
  const ordinary = emulator.entra.mintToken({ oid: crypto.randomUUID() });
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  /** A connection that says what it is told and reads nothing of its own accord. */
  const open = async (text = '') => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname).pause();
    sockets.push(socket);
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
    if (text !== '') socket.write(text);
    return socket;
  };
  /** Status of an operation over a connection of its own, as most clients begin. */
  const ask = async (query: string, token = ordinary, dispatcher = new Agent({ pipelining: 0 }), variables = {}) => {
    const { statusCode, body } = await request(`${url}/graphql`, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const text = await body.text();
    if (dispatcher !== agent) await dispatcher.close();
    if (!text.includes('"errors"')) return `${statusCode}`;
    const named = [...text.slice(0, 1_000).matchAll(/"(?:code|outcome)":"(\w+)"/g)].map(([, word]) => word);
    return [statusCode, ...named].join(' ');
  };
  await expect.poll(() => ask(operations.single), { timeout: 30_000 }).toBe('200');
  return { gateway, url, open, ask };
}

/** Still the same process, with nothing said of a crash, and it ends in peace. */
async function expectAlive(gateway: GatewayProcess, ask: (document: string) => Promise<string>) {
  await expect.poll(() => ask(operations.single), { timeout: 30_000 }).toBe('200');
  gateway.child.kill('SIGTERM');
  expect(await gateway.ended).toStrictEqual({ code: 0, signal: null });
  expect(gateway.stderr()).toBe('');
}

describe('answers that nobody reads', () => {
  it('are cut before they fill the memory, on many connections and behind each other on one', async () => {
    const { gateway, open, ask } = await scene(SMALL);
    const document = enlarged(emulator, 6);
    for (const oid of people(3)) {
      const post = httpPost(emulator.entra.mintToken({ oid }), document);
      for (let count = 0; count < 5; count += 1) {
        const socket = await open(post.repeat(8));
        // The first answer has begun to come, or the connection was cut.
        await new Promise((resolve) => socket.once('readable', resolve).once('close', resolve));
      }
      expect(await ask(operations.single)).toBe('200');
    }
    await expectAlive(gateway, ask);
  }, 60_000);
});

describe('an answer that is too large', () => {
  it('is an error that says so, and of an update leaves open what became of it', async () => {
    const { ask } = await scene(SMALL);
    const document = enlarged(emulator, 9);
    expect(await ask(document)).toBe('400 BAD_USER_INPUT');
    const names = Array.from({ length: 10 }, (_, index) => `a${index}: deviceName`);
    const update = operations.update.replace('{ deviceName } }', `{ ${names.join(' ')} } }`);
    emulator.graph.respondWith(
      forRequests({ method: 'PATCH' }, { status: 200, body: { value: { deviceName: 'x'.repeat(900_000) } } }),
    );
    expect(await ask(update)).toBe('400 BAD_USER_INPUT UNKNOWN');
  }, 60_000);
});

describe('one long text under very many aliases', () => {
  it('is refused whatever the operation, and leaves the heap to others', async () => {
    addSecrets(emulator);
    const { gateway, ask } = await scene(SMALL, { REQUEST_TIMEOUT_MS: '60000' });
    const tokens = people(15).map((oid) => emulator.entra.mintToken({ oid }));
    const attacks: [string, AliasedSecrets][] = Object.entries(aliasedSecrets);
    for (const [name, { query, variables }] of attacks) {
      const attack = Promise.all(tokens.map((token) => ask(query, token, agent, variables)));
      expect(await ask(operations.single), name).toMatch(/^200|^503 OVERLOADED/);
      const refusal = query.startsWith('mutation') ? '400 BAD_USER_INPUT UNKNOWN' : '400 BAD_USER_INPUT';
      const answers = (await attack).filter((answer) => answer !== '503 OVERLOADED');
      expect(answers.length, name).toBeGreaterThan(5);
      expect(new Set(answers), name).toStrictEqual(new Set([refusal]));
      await expect.poll(() => ask(operations.single), { timeout: 30_000 }).toBe('200');
    }
    await expectAlive(gateway, ask);
  }, 120_000);
});

describe('large bodies while Graph hangs', () => {
  it('do not fill the memory, and leave room for other callers', async () => {
    const { gateway, ask } = await scene(SMALL, { REQUEST_TIMEOUT_MS: '5000' });
    emulator.graph.respondWith(forRequests({ method: 'PATCH' }, repeated(forEver, hang())));
    const token = emulator.entra.mintToken();
    const update = operations.update.replace('mutation {', 'mutation ($name: String) {').replace('"Sent"', '$name');
    const large = { name: 'x'.repeat(250_000) };
    const attack = Promise.all(Array.from({ length: 500 }, () => ask(update, token, agent, large)));
    const sent = () => emulator.graph.requests.filter(({ method }) => method === 'PATCH').length;
    await expect.poll(sent, { timeout: 10_000 }).toBeGreaterThan(20);
    expect(await ask(operations.single)).toBe('200');
    const counts: Record<string, number> = {};
    for (const answer of await attack) counts[answer] = (counts[answer] ?? 0) + 1;
    expect(counts).toStrictEqual({ '503 OVERLOADED': 500 - sent(), '200 UPSTREAM_TIMEOUT UNKNOWN': sent() });
    expect(sent(), 'of 125 MB').toBeLessThan(60);
    emulator.graph.clearFaults();
    await expectAlive(gateway, ask);
  }, 60_000);
});

describe('many lists at once', () => {
  it('are answered or refused, but never more of them held than the heap takes', async () => {
    const { gateway, ask } = await scene(SMALL, { REQUEST_TIMEOUT_MS: '8000' });
    for (let index = 0; index < 100; index += 1) {
      emulator.graph.sessions.set(`large-${index}`, { id: `large-${index}`, deviceName: 'x'.repeat(7_000) });
    }
    const list = (first: number) => `l${first}: remoteHelpSessionResponses(first: ${first}) { nodes { deviceName } }`;
    // The last never comes, so that all others wait for it.
    emulator.graph.respondWith(forRequests({ path: /top=91\b/ }, repeated(forEver, hang())));
    const document = `{ ${[100, 99, 98, 97, 96, 95, 94, 93, 92, 91].map(list).join(' ')} }`;
    const attack = people(2).flatMap((oid) => {
      const token = emulator.entra.mintToken({ oid });
      return Array.from({ length: 30 }, () => ask(document, token, agent));
    });
    const answers = await Promise.all(attack);
    expect(answers.filter((answer) => !/^(200 UPSTREAM_TIMEOUT|503 OVERLOADED)\b/.test(answer))).toStrictEqual([]);
    expect(answers.some((answer) => answer.startsWith('503'))).toBe(true);
    await expectAlive(gateway, ask);
  }, 120_000);
});

describe('too many connections', () => {
  it('of strangers who say nothing, or never finish, do not lock callers out', async () => {
    const { gateway, open, ask } = await scene({ ...SMALL, openFiles: 128 });
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(Array.from({ length: 100 }, () => open()));
      await Promise.all(Array.from({ length: 100 }, () => open(`GET /livez HTTP/1.1\r\nx: ${'a'.repeat(99_000)}`)));
      expect(await ask(operations.single)).toBe('200');
    }
    await expectAlive(gateway, ask);
  }, 60_000);

  it('that leave no descriptor end neither the process nor the listener', async () => {
    const { gateway, ask } = await scene({ ...SMALL, openFiles: 72 }, { REQUEST_TIMEOUT_MS: '2000' });
    emulator.graph.respondWith(repeated(forEver, hang()));
    const lists = Array.from({ length: 10 }, (_, index) => `l${index}: remoteHelpSessionResponses { nodes { id } }`);
    const document = `{ ${lists.join(' ')} }`;
    const attack = people(8).map((oid) =>
      ask(document, emulator.entra.mintToken({ oid }), agent).catch(() => 'refused'),
    );
    await Promise.all(attack);
    emulator.graph.clearFaults();
    await expectAlive(gateway, ask);
  }, 60_000);
});
