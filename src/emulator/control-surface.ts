import type { FastifyInstance } from 'fastify';
import type { Fault } from './faults.ts';
import type { BoundedLog } from './http/bounded-log.ts';
import type { FaultQueue } from './http/fault-queue.ts';
import { isJsonObject, type JsonObject, parseJson } from './json.ts';

/** Serves `/_emulator/faults` and `/_emulator/requests`. Control requests meet no fault and enter no log. */
export function addControlSurface(
  app: FastifyInstance,
  { log, faults }: { log: BoundedLog<unknown>; faults: FaultQueue },
): void {
  app.post('/_emulator/faults', (request, reply) => {
    const scripted = parseFaults(jsonBody(request.body));
    if (scripted === undefined) return reply.code(400).send({ error: 'a JSON list of faults is needed' });
    faults.add(scripted);
    return reply.code(204).send();
  });
  app.delete('/_emulator/faults', (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.get('/_emulator/requests', (_request, reply) => reply.send(log.entries));
  app.delete('/_emulator/requests', (_request, reply) => {
    log.clear();
    return reply.code(204).send();
  });
}

/** A control request's body: the servers read every body as text. */
export const jsonBody = (body: unknown): unknown => (typeof body === 'string' && body !== '' ? parseJson(body) : {});

function parseFaults(value: unknown): Fault[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every(isFault)) return undefined;
  return list.map((fault) => (fault.times === null ? { ...fault, times: Number.POSITIVE_INFINITY } : fault) as Fault);
}

const FIELDS: Readonly<Record<keyof Fault, (value: unknown) => boolean>> = {
  match: (value) => isJsonObject(value) && isMatch(value),
  // null is what JSON makes of Infinity
  times: (value) => value === null || (typeof value === 'number' && value > 0),
  status: (value) => Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599,
  headers: (value) => isJsonObject(value) && Object.values(value).every((one) => typeof one === 'string'),
  body: () => true,
  delayMs: (value) => typeof value === 'number' && value >= 0,
  apply: (value) => typeof value === 'boolean',
  drop: (value) => value === 'before-headers' || value === 'mid-body',
  hang: (value) => value === true,
};

function isFault(value: unknown): value is JsonObject {
  return (
    isJsonObject(value) &&
    Object.entries(value).every(([name, field]) => Object.hasOwn(FIELDS, name) && FIELDS[name as keyof Fault](field))
  );
}

const isMatch = (match: JsonObject): boolean =>
  Object.entries(match).every(([name, value]) =>
    name === 'inBatch'
      ? typeof value === 'boolean'
      : ['method', 'path', 'oid'].includes(name) && typeof value === 'string',
  );
