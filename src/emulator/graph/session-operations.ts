import { randomUUID } from 'node:crypto';
import type { Answer } from '../http/outcome.ts';
import { type JsonObject, parseJson } from '../json.ts';
import { type Call, failure, intuneFailure, json } from './call.ts';
import type { GraphSettings } from './graph-settings.ts';
import { type QueryOptions, readQueryOptions, skipToken } from './query-options.ts';
import { readSessionBody } from './session-body.ts';
import { SESSION_TYPE } from './session-properties.ts';

/** The sessions, and how Graph speaks of them. */
export interface SessionStore {
  readonly sessions: Map<string, JsonObject>;
  readonly settings: GraphSettings;
  /** Version included. */
  readonly baseUrl: string;
}

/** A store beyond this refuses to create more. */
const MOST_SESSIONS = 10_000;

/** GET of the collection: a page, and the link to the next. */
export function listSessions(call: Call, store: SessionStore): Answer {
  const { settings, sessions } = store;
  const options = readQueryOptions(call.url.searchParams, settings);
  if ('problem' in options) return failure(call, 400, 'BadRequest', options.problem);
  const size = Math.max(1, Math.min(options.top ?? settings.pageSize, settings.pageSize));
  const page = [...sessions].slice(options.skip, options.skip + size);
  const next = options.skip + size;
  return json(200, {
    ...context(store, options.select, ''),
    value: page.map(([id, session]) => ({
      ...(settings.idInList ? { id } : {}),
      ...presented(session, store, options.select),
    })),
    ...(next < sessions.size ? { '@odata.nextLink': nextLink(call, store, next) } : {}),
  });
}

/** GET of one. */
export function getSession(call: Call, id: string, store: SessionStore): Answer {
  const options = readQueryOptions(call.url.searchParams, { ...store.settings, idInList: false });
  if ('problem' in options) return failure(call, 400, 'BadRequest', options.problem);
  const session = store.sessions.get(id);
  if (session === undefined) return notFound(call);
  const object = presented(session, store, options.select);
  const head = context(store, options.select, '/$entity');
  return json(200, store.settings.wrapSingles ? { ...head, value: object } : { ...head, ...object });
}

/** POST to the collection. The key of the new session is its session key, else a new GUID. */
export function createSession(call: Call, store: SessionStore): Answer {
  const read = readBody(call, store);
  if ('status' in read) return read;
  const id = typeof read.values.sessionKey === 'string' ? read.values.sessionKey : randomUUID();
  if (store.sessions.has(id)) return intuneFailure(call, 409, 'Conflict', 'A session with this key exists already.');
  if (store.sessions.size >= MOST_SESSIONS) {
    return intuneFailure(call, 507, 'InsufficientStorage', 'The emulator keeps at most 10000 sessions.');
  }
  store.sessions.set(id, read.values);
  const body = { ...context(store, undefined, '/$entity'), ...presented(read.values, store, undefined) };
  return json(201, body, { Location: `${store.baseUrl}/${store.settings.sessionsPath}/${encodeURIComponent(id)}` });
}

/** PATCH of one: what the body does not name keeps its value. */
export function updateSession(call: Call, id: string, store: SessionStore): Answer {
  const session = store.sessions.get(id);
  const read = readBody(call, store);
  if ('status' in read) return read;
  if (session === undefined) return notFound(call);
  const updated = { ...session, ...read.values };
  store.sessions.set(id, updated);
  const wantsMinimal = /\breturn=minimal\b/.test(call.request.headers.prefer ?? '');
  if (wantsMinimal) return { status: 204, headers: { 'Preference-Applied': 'return=minimal' } };
  if (store.settings.patchAnswers === 204) return { status: 204, headers: {} };
  return json(200, { ...context(store, undefined, '/$entity'), ...presented(updated, store, undefined) });
}

/** DELETE of one. */
export function deleteSession(call: Call, id: string, store: SessionStore): Answer {
  return store.sessions.delete(id) ? { status: 204, headers: {} } : notFound(call);
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

const notFound = (call: Call): Answer => intuneFailure(call, 404, 'ResourceNotFound', 'The session was not found.');

function presented(session: JsonObject, { settings }: SessionStore, select: QueryOptions['select']): JsonObject {
  const kept = select === undefined ? session : pick(session, select);
  return settings.annotate ? { '@odata.type': `#${SESSION_TYPE}`, ...kept } : { ...kept };
}

const pick = (session: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(session, name)).map((name) => [name, session[name]]));

function context({ settings, baseUrl }: SessionStore, select: QueryOptions['select'], kind: string): JsonObject {
  if (!settings.annotate) return {};
  const selected = select === undefined ? '' : `(${select.join(',')})`;
  return { '@odata.context': `${baseUrl}/$metadata#${settings.sessionsPath}${selected}${kind}` };
}

function nextLink(call: Call, { settings, baseUrl }: SessionStore, skip: number): string {
  const kept = ['$top', '$select'].filter((name) => call.url.searchParams.has(name));
  const query = kept.map((name) => `${name}=${encodeURIComponent(call.url.searchParams.get(name) ?? '')}`);
  return `${baseUrl}/${settings.sessionsPath}?${[...query, `$skiptoken=${skipToken(skip)}`].join('&')}`;
}
