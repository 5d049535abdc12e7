import { Client } from 'undici';

/** One request as the measured server takes it; `token` is the caller's. */
export interface Shot {
  readonly path: string;
  readonly body: string;
}

export interface Load {
  readonly url: string;
  readonly shot: Shot;
  readonly tokens: readonly string[];
}

/** Runs closed loops on so many connections for so long. @returns how many requests were answered with 200 */
export async function closedLoop(load: Load, connections: number, milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds;
  let answered = 0;
  await Promise.all(
    Array.from({ length: connections }, async (_, index) => {
      const client = new Client(load.url);
      for (let turn = index; performance.now() < end; turn += connections) {
        await shoot(client, load, turn);
        answered += 1;
      }
      await client.close();
    }),
  );
  return answered;
}

/** Sends so many requests a second whatever comes back. @returns the latency of each, in milliseconds, sorted */
export async function openLoop(load: Load, perSecond: number, milliseconds: number): Promise<number[]> {
  const clients = Array.from({ length: 64 }, () => new Client(load.url));
  const latencies: number[] = [];
  const running: Promise<void>[] = [];
  const start = performance.now();
  const total = Math.floor((perSecond * milliseconds) / 1000);
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - start) * perSecond) / 1000));
    for (; sent < due; sent += 1) {
      const began = performance.now();
      const client = clients[sent % clients.length] as Client;
      running.push(shoot(client, load, sent).then(() => void latencies.push(performance.now() - began)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(running);
  await Promise.all(clients.map((client) => client.close()));
  return latencies.sort((one, other) => one - other);
}

/** A page from which every second request comes: the others come from apps. */
export const WEB_ORIGIN = 'https://app.example.com';

/** @throws Error when the answer is not what a working server gives: a benchmark of failures is none */
export async function shoot(client: Client, { shot, tokens }: Load, turn: number): Promise<void> {
  const answer = await client.request({
    method: 'POST',
    path: shot.path,
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      authorization: `Bearer ${tokens[turn % tokens.length]}`,
      ...(turn % 2 === 1 && { origin: WEB_ORIGIN }),
    },
    body: shot.body,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200 || text.includes('"errors":'))
    throw new Error(`${answer.statusCode} ${text.slice(0, 300)}`);
}
