import { hash } from 'node:crypto';
import type { Config } from '../config.ts';
import type { Transport } from '../http/transport.ts';
import type { Telemetry } from '../observability/telemetry.ts';
import { createBatchRead } from './batch.ts';
import { createGraphClient } from './graph-client.ts';
import { createCursorCodec } from './page-cursor.ts';
import { createSessionReader } from './read-sessions.ts';
import { createSelectable } from './selectable.ts';
import { createSessionPageReader } from './session-page.ts';
import { createTurnstile } from './turnstile.ts';
import { createSessionUpdater } from './update-session.ts';

export interface GraphAccessOptions {
  readonly config: Config;
  readonly transport: Transport;
  readonly telemetry: Telemetry | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly random?: () => number;
}

/** Calls that may wait for each one that may be with Graph at a time: more only wait longer, and cost memory. */
const WAITING_PER_PLACE = 4;
/** One operation alone makes ten calls side by side. */
const MIN_WAITING = 64;

/** All that talks to Graph, joined. */
export function createGraphAccess({ config, transport, telemetry, ...time }: GraphAccessOptions) {
  const { baseUrl, sessionsPath, maxConcurrency } = config.graph;
  const turnstile = createTurnstile({
    maxConcurrency,
    maxWaiting: Math.max(MIN_WAITING, maxConcurrency * WAITING_PER_PLACE),
  });
  telemetry?.watchWaiting(() => turnstile.waiting);
  const client = createGraphClient({ baseUrl, transport, turnstile, ...time });
  const batchRead = createBatchRead({ client, turnstile, ...time });
  const selectable = createSelectable(time.clock);
  const reader = createSessionReader({ client, batchRead, selectable, sessionsPath, ...time });
  const cursors = createCursorCodec(cursorKey(config));
  return {
    reader,
    readPage: createSessionPageReader({ client, cursors, selectable, baseUrl, sessionsPath }),
    update: createSessionUpdater({ client, reader, sessionsPath }),
  };
}

/** The same in every process of a deployment, and with a client secret known to nobody else. */
function cursorKey({ entra: { tenantId, clientId, credential }, graph }: Config): string {
  const secret = credential.kind === 'secret' ? credential.secret : '';
  return hash('sha256', JSON.stringify(['cursor', tenantId, clientId, graph.baseUrl, secret]));
}
