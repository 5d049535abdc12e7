import type { Answer } from '../http/outcome.ts';
import type { JsonObject } from '../json.ts';
import { type Call, failure, intuneFailure } from './call.ts';
import {
  createSession,
  deleteSession,
  getSession,
  listSessions,
  type SessionStore,
  updateSession,
} from './session-operations.ts';

const WRITE_SCOPES = ['DeviceManagementConfiguration.ReadWrite.All', 'DeviceManagementServiceConfig.ReadWrite.All'];
const READ_SCOPES = [...WRITE_SCOPES, ...WRITE_SCOPES.map((scope) => scope.replace('ReadWrite', 'Read'))];

/** Answers one request of a caller whose token is good: a single one, or an entry of a batch. */
export function route(call: Call, token: JsonObject, store: SessionStore): Answer {
  const { method } = call.request;
  const segments = segmentsUnder('/beta/', call.url.pathname);
  if (segments === undefined) return failure(call, 400, 'BadRequest', 'Invalid version.');
  const collection = store.settings.sessionsPath.split('/');
  const stranger = collection.find((segment, index) => segments[index] !== segment);
  if (stranger !== undefined)
    return unknownSegment(call, segments[collection.indexOf(stranger)] ?? segments.at(-1) ?? '');
  const [id, ...deeper] = segments.slice(collection.length);
  if (deeper.length > 0) return unknownSegment(call, deeper[0] ?? '');
  const accepted = method === 'GET' ? READ_SCOPES : WRITE_SCOPES;
  const scopes = String(token.scp ?? '').split(' ');
  if (!accepted.some((scope) => scopes.includes(scope))) {
    return intuneFailure(
      call,
      403,
      'Forbidden',
      `Application is not authorized to perform this operation. Application must have one of the following scopes: ${accepted.join(', ')}`,
    );
  }
  if (id === undefined) {
    if (method === 'GET') return listSessions(call, store);
    if (method === 'POST') return createSession(call, store);
  } else {
    if (method === 'GET') return getSession(call, id, store);
    if (method === 'PATCH') return updateSession(call, id, store);
    if (method === 'DELETE') return deleteSession(call, id, store);
  }
  return failure(call, 405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.');
}

/** The decoded segments below the version. An empty one at the end does not count: `/collection/` is the collection. */
function segmentsUnder(root: string, pathname: string): string[] | undefined {
  if (!pathname.startsWith(root)) return undefined;
  try {
    const segments = pathname.slice(root.length).split('/').map(decodeURIComponent);
    return segments.at(-1) === '' ? segments.slice(0, -1) : segments;
  } catch {
    return undefined;
  }
}

const unknownSegment = (call: Call, segment: string): Answer =>
  failure(call, 400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
