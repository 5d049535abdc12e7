import { Agent, createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A small load balancer: sends each request to a gateway that calls itself ready, over kept connections. */
export interface RollingProxy {
  readonly url: string;
  /** Takes a gateway into its list. Resolves once it was seen ready. */
  add(url: string): Promise<void>;
  /** Requests that it could not bring to an answer. */
  readonly lost: readonly string[];
  /** How many requests each gateway answered. */
  readonly served: ReadonlyMap<string, number>;
}

const POLL_MS = 20;

/** Listens until the test ends. Like any balancer it may not send a request twice. */
export async function startRollingProxy(): Promise<RollingProxy> {
  const ready = new Map<string, boolean>();
  const served = new Map<string, number>();
  const lost: string[] = [];
  const agent = new Agent({ keepAlive: true });
  let turn = 0;

  const poll = async (url: string) => {
    const { ok } = await fetch(`${url}/readyz`).catch(() => ({ ok: false }));
    ready.set(url, ok);
  };
  const timer = setInterval(() => {
    for (const url of ready.keys()) void poll(url);
  }, POLL_MS);

  const server = createServer((incoming, outgoing) => {
    const targets = [...ready].filter(([, ok]) => ok).map(([url]) => url);
    turn += 1;
    const target = targets[turn % targets.length];
    const lose = (why: string) => {
      lost.push(why);
      outgoing.writeHead(502).end();
    };
    if (target === undefined) return lose('no gateway is ready');
    const { method = '', url = '', headers } = incoming;
    const forwarded = httpRequest(`${target}${url}`, { agent, method, headers }, (answer) => {
      served.set(target, (served.get(target) ?? 0) + 1);
      const { connection, ...rest } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, rest);
      answer.pipe(outgoing);
    });
    forwarded.on('error', (error) => lose(`${target}: ${error.message}`));
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    clearInterval(timer);
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async add(url) {
      while (ready.get(url) !== true) await poll(url);
    },
    lost,
    served,
  };
}
