import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Replicas } from './replicas.ts';

/** What this process shares with others. Redis's client is large: without `REDIS_URL` it is not even loaded. */
export async function joinReplicas(config: Config, logger: Logger, clock = Date.now): Promise<Replicas | undefined> {
  const { redis, entra, graph } = config;
  if (redis === undefined) return undefined;
  const { createReplicas } = await import('./replicas.ts');
  return createReplicas({ redis, entra, graph, logger, clock });
}
