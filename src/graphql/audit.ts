import { type AuthenticatedCaller, sha256 } from '../entra/callers/caller.ts';
import { GatewayError, internalError } from '../errors.ts';
import type { AuditEntry, AuditedAct } from '../observability/log/audit-line.ts';
import type { RequestLines } from '../observability/log/create-log.ts';
import type { OperationRecord } from '../observability/operation-record.ts';

/**
 * The audit of one operation: every change, and every read that selects a `@sensitive` field. It costs nothing where
 * there is neither.
 */
export interface OperationAudit {
  /**
   * Runs a change, and writes its line as soon as it has ended.
   * @throws GatewayError of the change, always with `outcome`
   */
  change<T>(change: AuditedChange<T>, work: () => Promise<T>): Promise<T>;
  /** Notes what becomes of a read; `flush` writes the line. A read that selects no secret is passed on as it is. */
  read<T>(read: AuditedRead<T>, work: Promise<T>): Promise<T>;
  /**
   * Writes what was read; called when all of the operation has run, before its answer leaves.
   * @returns undefined when all lines are with the kernel, else what the answer must wait for, a short time at most
   */
  flush(): Promise<void> | undefined;
}

export interface AuditedChange<T> {
  readonly act: Exclude<AuditedAct, 'read'>;
  /** The GraphQL field. */
  readonly action: string;
  /** The session; of one that is created, what tells its id from the result, or without one, what it would be known by. */
  readonly id: string | ((result: T | undefined) => string | undefined);
  /** Names only: values may be secrets. */
  readonly fields: readonly string[];
  /** The `@sensitive` fields that are selected of its answer. */
  readonly read: readonly string[];
}

export interface AuditedRead<T> {
  /** The GraphQL field. */
  readonly action: string;
  /** The session, or what tells the ids of the sessions that a list answered; undefined for one without any. */
  readonly id: string | ((result: T) => readonly (string | undefined)[]);
  /** The `@sensitive` fields that are selected. */
  readonly fields: readonly string[];
  /** Whether the field reads several sessions, however many it comes to. */
  readonly several: boolean;
}

export interface OperationAuditOptions {
  readonly caller: AuthenticatedCaller | undefined;
  readonly requestId: string;
  readonly record: OperationRecord;
  readonly lines: Pick<RequestLines, 'audit'>;
}

/** Reads of one operation with one action, the same fields and the same result: one line. */
interface ReadGroup {
  readonly action: string;
  readonly fields: readonly string[];
  readonly outcome: 'READ' | 'NOT_FOUND' | 'FAILED';
  readonly code: string | undefined;
  readonly ids: Set<string>;
  /** How many had no id; undefined for none. */
  unknownSessions: number | undefined;
  readonly several: boolean;
}

export function createOperationAudit(options: OperationAuditOptions): OperationAudit {
  const { caller, requestId, record, lines } = options;
  let groups: Map<string, ReadGroup> | undefined;
  let readsStartedAt = 0;
  /** Of the last line: whoever waits for it waits for all before it. */
  let unwritten: Promise<void> | undefined;

  type Told = Pick<AuditEntry, 'action' | 'session' | 'unknownSessions' | 'fields' | 'read' | 'outcome' | 'code'>;

  function write(act: AuditedAct, told: Told, since: Since): void {
    unwritten = lines.audit(act, requestId, {
      ...told,
      tid: caller?.tenantId,
      oid: caller?.objectId,
      azp: caller?.clientApp,
      graphRequestIds: record.graphRequestIds.slice(since.graphRequestIds),
      clientRequestIds: record.clientRequestIds.slice(since.clientRequestIds),
      durationMs: performance.now() - since.time,
    });
  }

  function note(
    read: Omit<AuditedRead<never>, 'id'>,
    ids: readonly (string | undefined)[],
    outcome: ReadGroup['outcome'],
    code = '',
  ) {
    const { action, fields, several } = read;
    const key = `${action} ${several} ${outcome} ${code} ${fields}`;
    groups ??= new Map();
    let group = groups.get(key);
    if (group === undefined) {
      group = { action, fields, outcome, code: code || undefined, ids: new Set(), unknownSessions: undefined, several };
      groups.set(key, group);
    }
    for (const id of ids) {
      if (id === undefined) group.unknownSessions = (group.unknownSessions ?? 0) + 1;
      else group.ids.add(id);
    }
  }

  return {
    async change({ act, action, id, fields, read }, work) {
      const since = now(record);
      try {
        const result = await work();
        const told = { action, session: hashOf(id, result), fields, read: read.length > 0 ? read : undefined };
        write(act, { ...told, outcome: 'APPLIED', code: undefined }, since);
        return result;
      } catch (failure) {
        // What is not understood is a bug; nobody can say how far it came.
        const known = failure instanceof GatewayError ? failure : internalError({ cause: failure });
        const error = known.details.outcome === undefined ? known.with({ outcome: 'UNKNOWN' }) : known;
        const { code, details } = error;
        write(act, { action, session: hashOf(id), fields, outcome: String(details.outcome), code }, since);
        throw error;
      }
    },
    read(read, work) {
      if (read.fields.length === 0) return work;
      if (groups === undefined) readsStartedAt ||= performance.now();
      const { id } = read;
      return work.then(
        (result) => {
          const ids = typeof id === 'string' ? [id] : id(result);
          note(read, ids, result === null ? 'NOT_FOUND' : 'READ');
          return result;
        },
        (failure: unknown) => {
          const code = failure instanceof GatewayError ? failure.code : 'INTERNAL_SERVER_ERROR';
          note(read, typeof id === 'string' ? [id] : [], 'FAILED', code);
          throw failure;
        },
      );
    },
    flush() {
      for (const { ids, several, ...told } of groups?.values() ?? []) {
        const hashes = [...ids].map(sha256);
        const session = several || hashes.length > 1 ? hashes : String(hashes[0]);
        write('read', { ...told, session }, { time: readsStartedAt, graphRequestIds: 0, clientRequestIds: 0 });
      }
      groups = undefined;
      return unwritten;
    },
  };
}

function hashOf<T>(id: AuditedChange<T>['id'], result?: T): string | undefined {
  const known = typeof id === 'string' ? id : id(result);
  return known === undefined ? undefined : sha256(known);
}

/** Where an act began in what the operation's record gathers. */
interface Since {
  readonly time: number;
  readonly graphRequestIds: number;
  readonly clientRequestIds: number;
}

function now({ graphRequestIds, clientRequestIds }: OperationRecord): Since {
  return {
    time: performance.now(),
    graphRequestIds: graphRequestIds.length,
    clientRequestIds: clientRequestIds.length,
  };
}
