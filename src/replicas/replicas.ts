import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createRedisLink, type RedisLink } from './redis-link.ts';
import { createSealedPlaces } from './sealed-places.ts';
import { createSharedCount, type SharedCount } from './shared-count.ts';
import { createSharedHoldBack, type SharedHoldBack } from './shared-hold-back.ts';
import { createSharedTexts, type SharedTexts } from './shared-texts.ts';
import { createSharedTokens, type SharedTokens } from './shared-tokens.ts';

/** All that processes of one deployment share. */
export interface Replicas {
  readonly tokens: SharedTokens;
  readonly requests: SharedCount;
  readonly graphRequests: SharedCount;
  readonly holdBack: SharedHoldBack;
  readonly persistedQueries: SharedTexts;
  /** Each time that Redis is there, the first time too. */
  onConnected(listener: () => void): void;
  /** Resolves when Redis was reached for the first time, or was not, or after a quarter of a second. */
  readonly tried: Promise<void>;
  close(): Promise<void>;
}

export interface ReplicasOptions {
  readonly redis: NonNullable<Config['redis']>;
  readonly entra: Pick<Config['entra'], 'tenantId' | 'clientId'>;
  readonly graph: Pick<Config['graph'], 'baseUrl'>;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/**
 * Begins to connect and returns: nobody depends on Redis, also not for the start.
 * @returns undefined, with a warning, when the URL is none that can be used
 */
export function createReplicas({
  redis,
  entra,
  graph,
  logger,
  clock = Date.now,
}: ReplicasOptions): Replicas | undefined {
  const { url, secret } = redis;
  const link = tryLink(url, logger);
  if (link === undefined) return undefined;
  const scope = `${new URL(graph.baseUrl).origin}/.default`;
  const deployment = [entra.tenantId, entra.clientId, scope];
  const places = createSealedPlaces({ salt: secret, deployment });
  return {
    tokens: createSharedTokens({ link, places, clock }),
    requests: createSharedCount({ link, name: 'requests', secret, deployment }),
    graphRequests: createSharedCount({ link, name: 'graph', secret, deployment }),
    holdBack: createSharedHoldBack({ link, secret, deployment }),
    persistedQueries: createSharedTexts({ link, places, clock }),
    onConnected: (listener) => link.onConnected(listener),
    tried: link.tried,
    close: () => link.close(),
  };
}

function tryLink(url: string, logger: Logger): RedisLink | undefined {
  try {
    return createRedisLink({ url, logger });
  } catch {
    // The library's error may hold the URL, and that the password.
    logger.warn('REDIS_URL cannot be used: expected redis[s]://user:password@host:port/number. Nothing is shared');
    return undefined;
  }
}
