import { connect, type Socket } from 'node:net';
import { Agent, request } from 'undici';
import type { Emulator } from '../../src/emulator/emulator.ts';

/** What an attacker has: people who may sign in, and sockets. */
export interface AttackScene {
  readonly emulator: Emulator;
  readonly url: string;
  /** The `oid`s of people who attack. */
  readonly people: readonly string[];
  /** A token of one of them. */
  token(person: number): string;
  /** Sends an operation. @returns its status and first code, such as "200" or "429 RATE_LIMITED" */
  ask(token: string, query: string, variables?: Readonly<Record<string, unknown>>): Promise<string>;
  /** A connection that says what it is told and reads nothing. */
  open(text?: string): Promise<Socket>;
  /** Closes what `open` opened. */
  closeAll(): void;
  readonly isOver: () => boolean;
  /** A number that is used once. */
  next(): number;
  /** What became of the attackers' requests. */
  readonly answers: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const PEOPLE = 40;

export function createAttackScene(emulator: Emulator, url: string, isOver: () => boolean): AttackScene {
  const people = Array.from(
    { length: PEOPLE },
    (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  );
  const tokens = new Map<number, string>();
  const agent = new Agent({ connections: 256 });
  const sockets = new Set<Socket>();
  const answers = new Map<string, number>();
  let used = 0;

  async function send(token: string, query: string, variables: Readonly<Record<string, unknown>>): Promise<string> {
    const { statusCode, body } = await request(`${url}/graphql`, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const text = await body.text();
    const code = text.includes('"errors"') ? /"code":"(\w+)"/.exec(text)?.[1] : undefined;
    return code === undefined ? `${statusCode}` : `${statusCode} ${code}`;
  }

  function closeAll() {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  }

  return {
    emulator,
    url,
    people,
    token(person) {
      const index = person % PEOPLE;
      const token = tokens.get(index) ?? emulator.entra.mintToken({ oid: people[index] ?? '' });
      tokens.set(index, token);
      return token;
    },
    async ask(token, query, variables = {}) {
      const answer = await send(token, query, variables).catch(() => 'connection lost');
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
      return answer;
    },
    async open(text = '') {
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname).pause();
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => sockets.delete(socket));
      await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
      if (text !== '') socket.write(text);
      return socket;
    },
    closeAll,
    isOver,
    next() {
      used += 1;
      return used;
    },
    answers,
    async close() {
      closeAll();
      await agent.destroy();
    },
  };
}
