import fc, { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, auditLine } from '../../src/observability/log/audit-line.ts';
import { createLog } from '../../src/observability/log/create-log.ts';
import { type OperationLine, operationLine } from '../../src/observability/log/operation-line.ts';
import { startOperationRecord } from '../../src/observability/operation-record.ts';

/** What clients, Graph or nobody would choose: quotes, line ends, halves of pairs, names of JavaScript. */
const text = () =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ maxLength: 40 }),
    fc.constantFrom('"', '\\', '\n', '\u2028', '\ud800', '</script>', '__proto__', '","audit":{"outcome":"APPLIED'),
  );
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const texts = () => fc.array(text(), { maxLength: 4 });
const count = () => fc.nat();
const time = () => fc.nat();

const entries: fc.Arbitrary<AuditEntry> = fc.record({
  action: text(),
  tid: maybe(text()),
  oid: maybe(text()),
  azp: maybe(text()),
  session: fc.oneof(text(), texts(), fc.constant(undefined)),
  unknownSessions: maybe(count()),
  fields: texts(),
  read: maybe(texts()),
  outcome: text(),
  code: maybe(text()),
  graphRequestIds: texts(),
  clientRequestIds: texts(),
  durationMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
});

it('an audit line is what JSON.stringify makes of its fields', () => {
  assert(
    property(
      fc.constantFrom('update', 'create', 'delete', 'read'),
      text(),
      entries,
      time(),
      (act, reqId, entry, at) => {
        const { action, tid, oid, azp, session, unknownSessions, fields, read, outcome, code } = entry;
        const { graphRequestIds, clientRequestIds } = entry;
        const durationMs = Math.round(entry.durationMs);
        const told = { session, unknownSessions, fields, read, outcome, code };
        const audit = { action, tid, oid, azp, ...told, graphRequestIds, clientRequestIds, durationMs };
        expect(auditLine(act, reqId, entry, at)).toBe(
          `${JSON.stringify({ level: 30, time: at, reqId, audit, msg: act })}\n`,
        );
      },
    ),
    { numRuns: 500 },
  );
});

interface Facts {
  readonly operation: string | undefined;
  readonly type: string | undefined;
  readonly codes: string[];
  readonly causes: string[];
  readonly graphRequestIds: string[];
  readonly clientRequestIds: string[];
  readonly traceId: string | undefined;
  readonly counts: readonly number[];
}

const facts: fc.Arbitrary<Facts> = fc.record({
  operation: maybe(fc.oneof(text(), fc.string({ minLength: 120, maxLength: 140 }))),
  type: maybe(fc.constantFrom('query', 'mutation', 'subscription')),
  codes: texts(),
  causes: texts(),
  graphRequestIds: texts(),
  clientRequestIds: texts(),
  traceId: maybe(text()),
  counts: fc.array(count(), { minLength: 8, maxLength: 8 }),
});

function lineOf({ operation, type, codes, causes, traceId, counts, ...ids }: Facts, rest: Partial<OperationLine>) {
  const watch = (index: number) => ({ start() {}, stop() {}, elapsedMs: () => counts[index] ?? 0 });
  const record = Object.assign(
    startOperationRecord(
      traceId === undefined
        ? undefined
        : { traceId, end() {}, exchangeFailed() {}, startCall: () => ({ traceHeaders: undefined, end() {} }) },
    ),
    {
      operationName: operation,
      operationType: type,
      graphCalls: counts[0],
      entraCalls: counts[1],
      retries: counts[2],
      tokenCacheHits: counts[3],
      tokenCacheMisses: counts[4],
      graphTime: watch(5),
      exchangeTime: watch(6),
      waitTime: watch(7),
      errorCodes: codes,
      causes,
      ...ids,
    },
  );
  const line = { record, status: 200, code: 'OK', durationMs: 1.4, caller: undefined, traceparent: undefined } as const;
  return { requestId: 'id', ...line, ...rest };
}

it('an operation line is what JSON.stringify makes of its fields', () => {
  assert(
    property(
      facts,
      text(),
      maybe(text()),
      fc.constantFrom('OK', 'CLIENT_GONE'),
      time(),
      (fact, reqId, caller, code, at) => {
        const line = lineOf(fact, { requestId: reqId, caller, code });
        const some = (list: readonly string[]) => (list.length === 0 ? undefined : list);
        const [graphCalls, entraCalls, retries, tokenCacheHits, tokenCacheMisses, graphMs, exchangeMs, waitMs] =
          fact.counts;
        const expected = {
          level: 30,
          time: at,
          reqId,
          operation: fact.operation?.slice(0, 128),
          type: fact.type,
          status: 200,
          code,
          codes: fact.codes,
          causes: some(fact.causes),
          caller,
          clientGone: code === 'CLIENT_GONE' || undefined,
          durationMs: 1,
          graphCalls,
          graphMs,
          graphRequestIds: fact.graphRequestIds,
          clientRequestIds: some(fact.clientRequestIds),
          entraCalls,
          exchangeMs,
          retries,
          waitMs,
          tokenCacheHits,
          tokenCacheMisses,
          traceId: fact.traceId,
          msg: 'operation',
        };
        expect(operationLine(line, at)).toBe(`${JSON.stringify(expected)}\n`);
      },
    ),
    { numRuns: 500 },
  );
});

it('an operation line names the trace that the client is in, where no span is made', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const nothing = { operation: undefined, type: undefined, traceId: undefined, counts: Array<number>(8).fill(0) };
  const lists = { codes: [], causes: [], graphRequestIds: [], clientRequestIds: [] };
  const line = operationLine(lineOf({ ...nothing, ...lists }, { traceparent }), 0);
  expect(JSON.parse(line)).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c' });
});

describe('the level', () => {
  const lines = (level: string) => {
    const written = { together: [] as string[], now: [] as string[] };
    const output = {
      write: (line: string) => void written.together.push(line),
      writeNow: (line: string) => void written.now.push(line),
    };
    const log = createLog({ level, sensitiveFields: [], secrets: ['the~secret'], output });
    return { written, log };
  };
  const entry: AuditEntry = {
    action: 'a',
    tid: 't',
    oid: 'o',
    azp: 'c',
    session: 's',
    fields: [],
    outcome: 'READ',
    code: undefined,
    graphRequestIds: [],
    clientRequestIds: [],
    durationMs: 0,
  };

  it.each(['trace', 'info', 'warn', 'fatal', 'silent'])('%s lets audit lines through', (level) => {
    const { written, log } = lines(level);
    log.lines.audit('read', 'id', entry);
    expect(written).toMatchObject({ together: [], now: [expect.stringContaining('"msg":"read"')] });
  });

  it.each([
    ['info', 1],
    ['warn', 0],
    ['silent', 0],
  ])('%s lets %s operation lines through', (level, expected) => {
    const { written, log } = lines(level);
    log.lines.operation(lineOf(fc.sample(facts, 1)[0] as Facts, {}));
    expect(written.together).toHaveLength(expected);
  });

  it('lets no token and no secret through, wherever it stands', () => {
    const { written, log } = lines('info');
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln';
    log.lines.audit('read', token, { ...entry, azp: 'the~secret' });
    log.lines.operation(lineOf({ ...(fc.sample(facts, 1)[0] as Facts), operation: token }, { requestId: token }));
    const all = [...written.now, ...written.together].join('');
    expect(all).toContain('[redacted]');
    expect(all).not.toMatch(/the~secret|eyJ/);
  });
});
