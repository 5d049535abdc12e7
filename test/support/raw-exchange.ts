import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which a test says byte for byte what it likes. */
export interface RawExchange {
  readonly socket: Socket;
  /** All that the other side sent until it closed the connection. */
  answer(): Promise<string>;
}

export async function openRaw(url: string, text: string): Promise<RawExchange> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk;
  });
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.write(text);
  return {
    socket,
    async answer() {
      await closed;
      return received;
    },
  };
}

/** Status and JSON body of an answer that arrived as text. */
export function readRaw(answer: string): { status: number; head: string; body: unknown } {
  const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
  return { status: Number(head.split(' ')[1]), head, body: JSON.parse(body) };
}
