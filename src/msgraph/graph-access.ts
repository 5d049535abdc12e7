import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { HeldBytes } from '../http/held-bytes.ts';
import { createRetryBudget } from '../http/retry-budget.ts';
import type { Transport } from '../http/transport.ts';
import { logHoldBack } from '../observability/log/hold-back-log.ts';
import { createGraphDrift } from '../observability/telemetry/graph-drift.ts';
import type { Telemetry } from '../observability/telemetry/telemetry.ts';
import { createCallerLimit } from '../replicas/caller-limit.ts';
import type { Replicas } from '../replicas/replicas.ts';
import { createAllowance } from './client/allowance.ts';
import { createBatchRead } from './client/batch.ts';
import { createGraphClient } from './client/graph-client.ts';
import { createTurnstile } from './client/turnstile.ts';
import { createSessionReader } from './sessions/read-sessions.ts';
import { createSelectable } from './sessions/selectable.ts';
import { createSessionPageReader } from './sessions/session-page.ts';
import { createSessionWrites } from './sessions/session-writes.ts';

export interface GraphAccessOptions {
  readonly config: Config;
  readonly transport: Transport;
  readonly held: HeldBytes;
  /** Fields that are secrets, from the schema. */
  readonly sensitiveFields: readonly string[];
  readonly logger: Logger;
  readonly telemetry: Telemetry | undefined;
  /** What other processes know of callers' points, and of silences that Graph asked for. */
  readonly replicas?: Pick<Replicas, 'graphRequests' | 'holdBack'> | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly random?: () => number;
}

/** Calls that may wait for each one that may be with Graph at a time: more only wait longer, and cost memory. */
const WAITING_PER_PLACE = 4;
/** One operation alone makes ten calls side by side. */
const MIN_WAITING = 64;

/** All that talks to Graph, joined. */
export function createGraphAccess({
  config,
  transport,
  held,
  sensitiveFields,
  logger,
  telemetry,
  replicas,
  ...time
}: GraphAccessOptions) {
  const { baseUrl, sessionsPath, maxConcurrency, requestsPerMinute } = config.graph;
  const turnstile = createTurnstile({
    maxConcurrency,
    maxWaiting: Math.max(MIN_WAITING, maxConcurrency * WAITING_PER_PLACE),
    onHoldBack(holdBack) {
      logHoldBack(logger, holdBack);
      const { step, milliseconds, askedOf } = holdBack;
      if (step !== 'ends' && askedOf === 'this process') replicas?.holdBack.announce(milliseconds);
    },
  });
  replicas?.holdBack.listen((milliseconds) => turnstile.holdBack(milliseconds, 'replica'));
  telemetry?.watch('turnstile.waiting', () => turnstile.waiting);
  telemetry?.watch('turnstile.inside', () => turnstile.inside);
  telemetry?.watch('turnstile.places', () => maxConcurrency);
  telemetry?.watch('turnstile.held', () => turnstile.heldForMs / 1000);
  const retryBudget = createRetryBudget();
  const limit = createCallerLimit({ pointsPerMinute: requestsPerMinute, shared: replicas?.graphRequests, ...time });
  const allowance = createAllowance({ limit, retryBudget });
  const client = createGraphClient({ baseUrl, transport, turnstile, allowance, retryBudget, held, ...time });
  const batchRead = createBatchRead({ client, turnstile, allowance, ...time });
  const selectable = createSelectable({ sensitiveFields, ...time });
  const drift = createGraphDrift({ logger, watch: telemetry?.watch });
  const reader = createSessionReader({ client, batchRead, allowance, selectable, sessionsPath, drift, ...time });
  return {
    batchRead,
    reader,
    readPage: createSessionPageReader({ client, allowance, selectable, baseUrl, sessionsPath, drift }),
    writes: createSessionWrites({ client, allowance, reader, sessionsPath, drift }),
  };
}
