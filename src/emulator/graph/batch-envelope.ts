import { isJsonObject, type JsonObject } from '../json.ts';

/** A well-formed entry of a batch. Header names are lower case. */
export interface BatchStep {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const MOST_ENTRIES = 20;
const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];

/** The entries of a batch's envelope, or why the whole of it is refused. */
export function readBatchEnvelope(envelope: unknown): BatchStep[] | { problem: string } {
  if (!isJsonObject(envelope) || !Array.isArray(envelope.requests) || envelope.requests.length === 0) {
    return { problem: 'Invalid batch payload format.' };
  }
  if (envelope.requests.length > MOST_ENTRIES) {
    return { problem: `Number of batch request steps exceeds the maximum value of ${MOST_ENTRIES}.` };
  }
  const steps: BatchStep[] = [];
  const ids = new Set<string>();
  for (const entry of envelope.requests as unknown[]) {
    const step = readStep(entry);
    if ('problem' in step) return step;
    if (ids.has(step.id.toLowerCase())) return { problem: 'Request Id has to be unique in a batch.' };
    ids.add(step.id.toLowerCase());
    steps.push(step);
  }
  return steps;
}

function readStep(entry: unknown): BatchStep | { problem: string } {
  if (!isJsonObject(entry)) return { problem: 'Invalid batch payload format.' };
  const { id, url, body } = entry;
  if (typeof id !== 'string' || id === '') return { problem: 'Request Id is missing in batch request.' };
  const method = typeof entry.method === 'string' ? entry.method.toUpperCase() : '';
  if (!METHODS.includes(method)) return { problem: `Invalid method for batch request id: ${id}.` };
  if (typeof url !== 'string' || url === '' || /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(url)) {
    return { problem: `Invalid url for batch request id: ${id}. It must be relative to the version.` };
  }
  const headers = readHeaders(entry.headers ?? {});
  if (headers === undefined) return { problem: `Invalid headers for batch request id: ${id}.` };
  if (entry.dependsOn !== undefined) return { problem: 'This emulator does not know dependsOn.' };
  const isWrite = method !== 'GET' && method !== 'DELETE';
  if ((isWrite && body === undefined) || (body !== undefined && headers['content-type'] === undefined)) {
    return { problem: `Write request id : ${id} does not contain Content-Type header or body.` };
  }
  return { id, method, url, headers, body };
}

function readHeaders(headers: unknown): Record<string, string> | undefined {
  if (!isJsonObject(headers)) return undefined;
  const entries = Object.entries(headers as JsonObject);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}
