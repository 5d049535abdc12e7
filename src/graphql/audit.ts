import { sha256 } from '../entra/caller.ts';
import { GatewayError, internalError } from '../errors.ts';
import type { RequestContext } from './context.ts';

export interface AuditedUpdate {
  readonly id: string;
  /** Names only: values may be secrets. */
  readonly fields: readonly string[];
  readonly context: RequestContext;
}

/**
 * Runs an update and writes the one line about it that an auditor reads: who, with which client, which session, which
 * fields, and what became of it.
 * @throws GatewayError of the update, always with `outcome`
 */
export async function audit<T>({ id, fields, context }: AuditedUpdate, update: () => Promise<T>): Promise<T> {
  const { caller, record, log } = context;
  const startedAt = performance.now();
  const requestsBefore = record.graphRequestIds.length;
  const write = (outcome: string, code?: string) =>
    log.info(
      {
        audit: {
          action: 'updateRemoteHelpSessionResponse',
          tid: caller?.tenantId,
          oid: caller?.objectId,
          azp: caller?.clientApp,
          session: sha256(id),
          fields,
          outcome,
          code,
          graphRequestIds: record.graphRequestIds.slice(requestsBefore),
          durationMs: Math.round(performance.now() - startedAt),
        },
      },
      'update',
    );
  try {
    const result = await update();
    write('APPLIED');
    return result;
  } catch (failure) {
    // What is not understood is a bug; nobody can say how far it came.
    const known = failure instanceof GatewayError ? failure : internalError({ cause: failure });
    const error = known.details.outcome === undefined ? known.with({ outcome: 'UNKNOWN' }) : known;
    write(String(error.details.outcome), error.code);
    throw error;
  }
}
