import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Which connection it came on, from 1. */
  readonly connection: number;
}

/** What a raw server does with a request: anything that a socket can do. */
export type RawBehaviour = (socket: Socket, request: RawRequest) => void;

/** A TCP server that speaks only as much HTTP as a test wants it to. */
export interface RawServer {
  readonly origin: string;
  readonly requests: readonly RawRequest[];
  /** How many connections were made in all. */
  readonly connections: number;
  /** How many of them are open. */
  readonly open: number;
  /** Does this with requests from now on. */
  behave(behaviour: RawBehaviour): void;
}

export interface RawServerOptions {
  /** A free port without it. */
  readonly port?: number;
  /** Told of each connection before it brings a request. */
  readonly onConnection?: (socket: Socket) => void;
}

/** Listens until the test ends. */
export async function startRawServer(behaviour: RawBehaviour, options: RawServerOptions = {}): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const requests: RawRequest[] = [];
  let connections = 0;
  let behave = behaviour;
  const server = createServer((socket) => {
    connections += 1;
    const connection = connections;
    let received = '';
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    options.onConnection?.(socket);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
      for (let request = takeRequest(received); request !== undefined; request = takeRequest(received)) {
        received = request.rest;
        const { method, path, body } = request;
        requests.push({ method, path, body, connection });
        behave(socket, { method, path, body, connection });
      }
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    behave(next) {
      behave = next;
    },
  };
}

/** An HTTP answer as text, by default JSON of the right length on a connection that stays open. */
export function httpAnswer(body: string, { status = 200, headers = {} as Record<string, string> } = {}): string {
  const all = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Scripted\r\n${lines.join('')}\r\n${body}`;
}

function takeRequest(text: string) {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  const rest = text.slice(end + 4);
  if (Buffer.byteLength(rest) < length) return undefined;
  const [method = '', path = ''] = head.split(' ');
  const body = Buffer.from(rest).subarray(0, length).toString();
  return { method, path, body, rest: Buffer.from(rest).subarray(length).toString() };
}
