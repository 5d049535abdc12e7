import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How many connections there are, and who gives way when there are too many. */
export interface Connections {
  /** A verified caller is on this connection: it gives way to nobody. */
  trust(socket: Socket): void;
  /** Whether connections are to be closed after their next answer, to make room for others. */
  isCrowded(): boolean;
}

/** From then on each connection is closed after an answer, long before somebody must be refused. */
const CROWDED = 3 / 4;

/**
 * Bounds a server's connections. Over `max` the oldest on which no caller was ever verified gives way, so that strangers
 * who only hold connections cannot lock callers out; when there is no such connection, the new one is closed.
 */
export function limitConnections(server: Server, max: number): Connections {
  const strangers = new Set<Socket>();
  let open = 0;
  server.on('connection', (socket: Socket) => {
    open += 1;
    strangers.add(socket);
    socket.once('close', () => {
      open -= 1;
      strangers.delete(socket);
    });
    if (open <= max) return;
    for (const oldest of strangers) {
      // Its `close` comes later; it must not be taken twice.
      strangers.delete(oldest);
      oldest.destroy();
      break;
    }
  });
  return {
    trust: (socket) => void strangers.delete(socket),
    isCrowded: () => open > max * CROWDED,
  };
}

/** Files, the listener, pipes, timers' descriptors, connections to Entra and a collector. */
const OTHER_FILES = 100;

/**
 * Twice as many as requests may be inside: those of clients between two requests, and room to tell the others to come
 * back. An idle one costs about 10 KiB. Never so many that no descriptor is left for calls to Graph.
 * @param outward connections to Graph
 * @param openFiles descriptors that the process may have
 */
export function maxConnections(maxInside: number, outward: number, openFiles = softLimitOfOpenFiles()): number {
  return Math.min(2 * maxInside, Math.max(openFiles - outward - OTHER_FILES, Math.floor(openFiles / 4)));
}

/** Infinity where the system does not tell. */
function softLimitOfOpenFiles(): number {
  try {
    return Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}
