import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The answers that the network has not taken yet, because their clients do not read. They are held in memory. */
export interface UnreadAnswers {
  /** Watches an answer that has been given but not sent, until it is sent or its connection is cut. */
  watch(answer: ServerResponse, socket: Socket, bytes: number): void;
  /** Bytes of all of them. */
  readonly bytes: number;
  close(): void;
}

export interface UnreadAnswersOptions {
  /** How long an answer may take to be read, beside what its size allows. */
  readonly graceMs: number;
  /** Of all of them. Over it the oldest are cut. */
  readonly maxBytes?: number;
  readonly checkEveryMs?: number;
}

/** A quarter of the smallest heap that is promised to do. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Half a megabit: who reads slower than this is cut off. */
const BYTES_PER_SECOND = 64 * 1024;
const CHECK_EVERY_MS = 1_000;

interface Unread {
  readonly answer: ServerResponse;
  readonly socket: Socket;
  readonly bytes: number;
  /** Milliseconds in which it could have been read: it was first in line on its connection. */
  waitedMs: number;
}

/** Nothing is known of how far an answer has come, only that it is not through: so its whole time depends on its size. */
export function createUnreadAnswers(options: UnreadAnswersOptions): UnreadAnswers {
  const { graceMs, maxBytes = MAX_BYTES, checkEveryMs = Math.min(CHECK_EVERY_MS, graceMs) } = options;
  const waiting = new Set<Unread>();
  let sum = 0;
  let timer: NodeJS.Timeout | undefined;

  function forget(unread: Unread): void {
    if (!waiting.delete(unread)) return;
    sum -= unread.bytes;
    if (waiting.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  function cut(unread: Unread): void {
    forget(unread);
    unread.socket.destroy();
  }

  function check(): void {
    for (const unread of waiting) {
      // Who had gone before the answer was given closes nothing any more, so nobody is told.
      if (unread.socket.destroyed) forget(unread);
      // Behind another answer of the same connection: HTTP/1.1 sends them in turn.
      if (unread.answer.socket === null) continue;
      unread.waitedMs += checkEveryMs;
      if (unread.waitedMs > graceMs + (unread.bytes * 1000) / BYTES_PER_SECOND) cut(unread);
    }
  }

  return {
    watch(answer, socket, bytes) {
      const unread = { answer, socket, bytes, waitedMs: 0 };
      waiting.add(unread);
      sum += bytes;
      answer.once('close', () => forget(unread));
      timer ??= setInterval(check, checkEveryMs).unref();
      for (const oldest of waiting) {
        if (sum <= maxBytes) break;
        cut(oldest);
      }
    },
    get bytes() {
      return sum;
    },
    close: () => clearInterval(timer),
  };
}
