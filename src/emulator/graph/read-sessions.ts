import type { Answer } from '../http/outcome.ts';
import type { Call } from './call.ts';
import { failure } from './failure.ts';
import { json } from './json-answer.ts';
import { readQueryOptions, skipToken } from './query-options.ts';
import { sessionNotFound } from './session-not-found.ts';
import { context, presented } from './session-shape.ts';
import type { SessionStore } from './session-store.ts';

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
      ...presented(id, session, store, options.select),
    })),
    ...(next < sessions.size ? { '@odata.nextLink': nextLink(call, store, next) } : {}),
  });
}

/** GET of one. */
export function getSession(call: Call, id: string, store: SessionStore): Answer {
  const options = readQueryOptions(call.url.searchParams, { ...store.settings, idInList: false });
  if ('problem' in options) return failure(call, 400, 'BadRequest', options.problem);
  const session = store.sessions.get(id);
  if (session === undefined) return sessionNotFound(call);
  const object = presented(id, session, store, options.select);
  const head = context(store, options.select, '/$entity');
  return json(200, store.settings.wrapSingles ? { ...head, value: object } : { ...head, ...object });
}

function nextLink(call: Call, { settings, baseUrl }: SessionStore, skip: number): string {
  const kept = ['$top', '$select'].filter((name) => call.url.searchParams.has(name));
  const query = kept.map((name) => `${name}=${encodeURIComponent(call.url.searchParams.get(name) ?? '')}`);
  return `${baseUrl}/${settings.sessionsPath}?${[...query, `$skiptoken=${skipToken(skip)}`].join('&')}`;
}
