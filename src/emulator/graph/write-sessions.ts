import { randomUUID } from 'node:crypto';
import type { Answer } from '../http/outcome.ts';
import { type JsonObject, parseJson } from '../json.ts';
import type { Call } from './call.ts';
import { failure, intuneFailure } from './failure.ts';
import { json } from './json-answer.ts';
import { readSessionBody } from './session-body.ts';
import { sessionNotFound } from './session-not-found.ts';
import { context, presented } from './session-shape.ts';
import type { SessionStore } from './session-store.ts';

/** A store beyond this refuses to create more. */
export const MOST_SESSIONS = 10_000;

/** POST to the collection. The session key of the new session is its key in the path; without one it gets a new GUID. */
export function createSession(call: Call, store: SessionStore): Answer {
  const read = readBody(call, store);
  if ('status' in read) return read;
  const id = read.values.sessionKey ?? randomUUID();
  if (typeof id !== 'string' || id === '') return failure(call, 400, 'BadRequest', "The key 'sessionKey' is empty.");
  if (store.sessions.has(id)) return intuneFailure(call, 409, 'Conflict', 'A session with this key exists already.');
  if (store.sessions.size >= MOST_SESSIONS) {
    return intuneFailure(call, 507, 'InsufficientStorage', 'The emulator keeps at most 10000 sessions.');
  }
  const session = { ...read.values, sessionKey: id };
  store.sessions.set(id, session);
  const body = { ...context(store, undefined, '/$entity'), ...presented(id, session, store, undefined) };
  return json(201, body, { Location: `${store.baseUrl}/${store.settings.sessionsPath}/${encodeURIComponent(id)}` });
}

/** PATCH of one: what the body does not name keeps its value. */
export function updateSession(call: Call, id: string, store: SessionStore): Answer {
  const session = store.sessions.get(id);
  const read = readBody(call, store);
  if ('status' in read) return read;
  if (session === undefined) return sessionNotFound(call);
  const updated = { ...session, ...read.values };
  store.sessions.set(id, updated);
  const wantsMinimal = /\breturn=minimal\b/.test(call.request.headers.prefer ?? '');
  if (wantsMinimal) return { status: 204, headers: { 'Preference-Applied': 'return=minimal' } };
  if (store.settings.patchAnswers === 204) return { status: 204, headers: {} };
  return json(200, { ...context(store, undefined, '/$entity'), ...presented(id, updated, store, undefined) });
}

/** DELETE of one. */
export function deleteSession(call: Call, id: string, store: SessionStore): Answer {
  return store.sessions.delete(id) ? { status: 204, headers: {} } : sessionNotFound(call);
}

function readBody(call: Call, store: SessionStore): { values: JsonObject } | Answer {
  const type = call.request.headers['content-type'];
  if (type === undefined) {
    return failure(
      call,
      400,
      'BadRequest',
      'Write requests (excluding DELETE) must contain the Content-Type header declaration.',
    );
  }
  if (!/^application\/json\b/i.test(type)) {
    return failure(call, 415, 'UnsupportedMediaType', `The media type '${type}' is not supported.`);
  }
  if (call.request.body === '') return failure(call, 400, 'BadRequest', 'Empty Payload. JSON content expected.');
  const read = readSessionBody(parseJson(call.request.body), store.settings.properties);
  return 'problem' in read ? failure(call, 400, 'BadRequest', read.problem) : read;
}
