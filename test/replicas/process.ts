import { onTestFinished } from 'vitest';
import { createReplicas, type Replicas, type ReplicasOptions } from '../../src/replicas/replicas.ts';
import { createTestLogger } from './link.ts';

export interface TestProcess extends Replicas {
  /** Resolves when Redis was reached. */
  readonly connected: Promise<void>;
  lines(): string[];
  logText(): string;
}

/** What one process of a deployment shares with others, without the rest of it. It ends with the test. */
export function startProcess(
  url: string,
  options: Partial<ReplicasOptions> & { readonly secret?: string } = {},
): TestProcess {
  const { logger, lines, logText } = createTestLogger();
  const replicas = createReplicas({
    redis: { url, secret: options.secret ?? 'a shared secret' },
    entra: { tenantId: 'fake-tenant', clientId: 'fake-client' },
    graph: { baseUrl: 'https://graph.example/beta' },
    logger,
    ...options,
  });
  if (replicas === undefined) throw new Error('the URL is none');
  onTestFinished(() => replicas.close());
  const connected = new Promise<void>((resolve) => replicas.onConnected(resolve));
  return { ...replicas, connected, lines, logText };
}
