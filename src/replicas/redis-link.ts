import { hash } from 'node:crypto';
import { ErrorReply } from '@redis/client';
import type { Logger } from 'pino';
import { failureReason } from './failure-reason.ts';
import { createRedisClient, type RedisClient } from './redis-client.ts';

/**
 * The connection to the Redis or Valkey that replicas share, as somebody whom nobody waits for: each question has its
 * answer, or none, within 50 ms, and none at once while Redis is away.
 */
export interface RedisLink {
  /** Whether a question would be asked at all. */
  readonly usable: boolean;
  /**
   * One command.
   * @param read makes the reply what it is; throws when it makes no sense
   * @returns undefined at once while Redis is away, or in time when it did not answer, or not with sense. Never rejects
   */
  ask<T>(command: readonly string[], read: (reply: unknown) => T): Promise<T | undefined> | undefined;
  /** A script that works on one key: all of it or nothing, and one round trip. */
  run<T>(script: RedisScript, read: (reply: unknown) => T): Promise<T | undefined> | undefined;
  /** Messages of a channel, from the next connection on. */
  subscribe(channel: string, listener: (message: string) => void): void;
  /** Each time that Redis is there, the first time too. */
  onConnected(listener: () => void): void;
  /** Resolves when it was reached for the first time, or was not, or after a quarter of a second. */
  readonly tried: Promise<void>;
  close(): Promise<void>;
}

export interface RedisScript {
  readonly source: string;
  readonly key: string;
  readonly args: readonly string[];
}

export interface RedisLinkOptions {
  readonly url: string;
  readonly logger: Logger;
}

/** What an answer may cost a request. */
const PATIENCE_MS = 50;
/** Turns of the event loop in which a question is written and its answer read: nothing at all unless it is busy. */
const TURNS = 3;
/** What the first connection may cost the start of the process, whose first callers are better off with it. */
const FIRST_TRY_MS = 250;
/** So long a question without an answer stands in the way of those behind it: longer than most requests take. */
const BLOCKED_MS = 250;
/** After so many failures in a row Redis is left alone. */
const FAILURES = 3;
const REST_MS = 1_000;
/** Kinds of refusals that are told once each. */
const MAX_REFUSALS = 10;
const LATE = 'no answer in time';
/** What passes by itself is no news unless it lasts. */
const PASSING: ReadonlySet<string> = new Set([LATE, 'LOADING', 'BUSY', 'MASTERDOWN', 'ClientOfflineError']);

/** Starts to connect, and goes on trying until it is closed. @throws whatever the URL is refused with */
export function createRedisLink({ url, logger }: RedisLinkOptions): RedisLink {
  const listeners = new Map<string, (message: string) => void>();
  const whenConnected: (() => void)[] = [];
  const refusals = new Set<string>();
  /** Scripts that this Redis has been sent, with their hashes, by which they are called. */
  const loaded = new Map<string, string>();
  let client: RedisClient;
  let failures = 0;
  let failedAt = 0;
  let restsUntil = 0;
  let asking = false;
  /** Questions that nobody waits for any more and that have no answer yet, and until when they stand in the way of others. */
  let unanswered = 0;
  let blockedUntil = 0;
  let away = false;
  let closed = false;
  let reconnect: NodeJS.Timeout | undefined;
  let endFirstTry = () => {};

  const tried = inTime(
    new Promise<void>((resolve) => {
      endFirstTry = resolve;
    }),
    FIRST_TRY_MS,
  );
  connect();
  const link: RedisLink = {
    get usable() {
      if (!client.isReady || closed) return false;
      // Answers come in the order of the questions: a request that asks several must not wait for each of them.
      if (unanswered > 0 && performance.now() < blockedUntil) return false;
      // After a rest one question finds out for all.
      return failures < FAILURES || (!asking && performance.now() >= restsUntil);
    },
    ask: (command, read) => attempt(async () => client.sendCommand([...command]), read),
    run: ({ source, key, args }, read) =>
      attempt(async () => {
        const rest = ['1', key, ...args];
        const sha1 = loaded.get(source);
        if (sha1 !== undefined) {
          try {
            return await client.sendCommand(['EVALSHA', sha1, ...rest]);
          } catch (failure) {
            if (!(failure instanceof ErrorReply && failure.message.startsWith('NOSCRIPT'))) throw failure;
          }
        }
        const reply = await client.sendCommand(['EVAL', source, ...rest]);
        loaded.set(source, hash('sha1', source));
        return reply;
      }, read),
    subscribe(channel, listener) {
      listeners.set(channel, listener);
      if (client.isReady) subscribeTo(channel, listener);
    },
    onConnected(listener) {
      whenConnected.push(listener);
      if (client.isReady) listener();
    },
    tried,
    async close() {
      closed = true;
      clearTimeout(reconnect);
      if (!client.isOpen) return;
      // What was said last is let out, as long as that costs nothing.
      if (client.isReady) await inTime(client.close(), PATIENCE_MS);
      client.destroy();
    },
  };
  return link;

  function connect() {
    const made = createRedisClient(url);
    client = made;
    made.on('error', (error) => {
      if (closed || made !== client) return;
      endFirstTry();
      failed(failureReason(error));
      if (!made.isReady) return;
      // What came was no answer of Redis's. Which answer is to which question is not known any more.
      made.destroy();
      reconnect = setTimeout(connect, REST_MS);
      reconnect.unref();
    });
    made.on('ready', () => {
      endFirstTry();
      failures = 0;
      unanswered = 0;
      asking = false;
      loaded.clear();
      for (const [channel, listener] of listeners) subscribeTo(channel, listener);
      void link.ask(['PING'], isPong);
      for (const listener of whenConnected) listener();
    });
    // It rejects when it is closed meanwhile; all else is an `error`.
    made.connect().catch(() => {});
  }

  function subscribeTo(channel: string, listener: (message: string) => void) {
    client.subscribe(channel, listener).catch((error: unknown) => failed(failureReason(error), performance.now()));
  }

  function attempt<T>(send: () => Promise<unknown>, read: (reply: unknown) => T): Promise<T | undefined> | undefined {
    if (!link.usable) return undefined;
    asking = true;
    const askedAt = performance.now();
    return new Promise((resolve) => {
      let open = true;
      const end = (value: T | undefined, failure?: string) => {
        if (!open) return;
        open = false;
        asking = false;
        clearTimeout(timer);
        if (failure === undefined) succeeded();
        else failed(failure, askedAt);
        resolve(value);
      };
      // An event loop that stood still for that long itself looks first whether the answer has come meanwhile.
      const timer = setTimeout(() => afterTurns(TURNS, giveUp), PATIENCE_MS);
      const sent = send();
      const giveUp = () => {
        if (!open) return;
        unanswered += 1;
        blockedUntil = performance.now() + BLOCKED_MS;
        const answered = () => {
          unanswered = Math.max(0, unanswered - 1);
        };
        sent.then(answered, answered);
        end(undefined, LATE);
      };
      sent.then(
        (reply) => {
          try {
            end(read(reply));
          } catch {
            end(undefined, 'an answer without sense');
          }
        },
        (error: unknown) => end(undefined, failureReason(error)),
      );
    });
  }

  function succeeded() {
    failures = 0;
    if (!away) return;
    away = false;
    logger.info('Redis is back: replicas share again');
  }

  /** @param askedAt undefined when the connection itself was lost */
  function failed(reason: string, askedAt?: number) {
    // What was asked before the last failure has failed with it: a moment in which many asked is one failure.
    if (askedAt === undefined || askedAt >= failedAt) {
      failures += 1;
      failedAt = performance.now();
    }
    if (failures >= FAILURES) restsUntil = performance.now() + REST_MS;
    if (away) return;
    if (askedAt === undefined || failures >= FAILURES) {
      away = true;
      logger.warn({ reason }, 'Redis (REDIS_URL) is away: until it is back, each process goes by its own memory');
    } else if (!PASSING.has(reason) && !refusals.has(reason) && refusals.size < MAX_REFUSALS) {
      // Others may be answered meanwhile, so this may never be three in a row.
      refusals.add(reason);
      logger.warn({ reason }, 'Redis (REDIS_URL) does not do what it is asked');
    }
  }
}

function afterTurns(turns: number, work: () => void): void {
  if (turns === 0) work();
  else setImmediate(afterTurns, turns - 1, work);
}

function inTime(work: Promise<unknown>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    work.then(end, end);
  });
}

function isPong(reply: unknown): void {
  if (reply !== 'PONG') throw new TypeError('expected PONG');
}
