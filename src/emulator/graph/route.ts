import type { Answer } from '../http/outcome.ts';
import type { JsonObject } from '../json.ts';
import type { Call } from './call.ts';
import { failure, intuneFailure } from './failure.ts';
import { getSession, listSessions } from './read-sessions.ts';
import type { SessionStore } from './session-store.ts';
import { createSession, deleteSession, updateSession } from './write-sessions.ts';

const WRITE_SCOPES = ['DeviceManagementConfiguration.ReadWrite.All', 'DeviceManagementServiceConfig.ReadWrite.All'];
const READ_SCOPES = [...WRITE_SCOPES, ...WRITE_SCOPES.map((scope) => scope.replace('ReadWrite', 'Read'))];

/** Answers one request of a caller whose token is good: a single one, or an entry of a batch. */
export function route(call: Call, token: JsonObject, store: SessionStore): Answer {
  const { method } = call.request;
  const segments = segmentsUnder('/beta/', call.url.pathname);
  if (segments === 'malformed') return failure(call, 400, 'BadRequest', 'The request URI is not well formed.');
  if (segments === 'other-version') return failure(call, 400, 'BadRequest', 'Invalid version.');
  const collection = store.settings.sessionsPath.split('/');
  const stranger = collection.findIndex((segment, index) => segments[index] !== segment);
  if (stranger !== -1) return unknownSegment(call, segments[stranger] ?? segments.at(-1) ?? '');
  const [id, deeper] = segments.slice(collection.length);
  if (deeper !== undefined) return unknownSegment(call, deeper);
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
function segmentsUnder(root: string, pathname: string): string[] | 'other-version' | 'malformed' {
  if (!pathname.startsWith(root)) return 'other-version';
  try {
    const segments = pathname.slice(root.length).split('/').map(decodeURIComponent);
    return segments.at(-1) === '' ? segments.slice(0, -1) : segments;
  } catch {
    return 'malformed';
  }
}

const unknownSegment = (call: Call, segment: string): Answer =>
  failure(call, 400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
