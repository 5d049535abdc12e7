import type { JsonObject } from '../json.ts';
import type { QueryOptions } from './query-options.ts';
import { SESSION_TYPE } from './session-properties.ts';
import type { SessionStore } from './session-store.ts';

/**
 * A session as an answer shows it: only what was selected, with its type's name. One that was seeded without a session
 * key has the key in its path: a session has one identity.
 */
export function presented(
  id: string,
  session: JsonObject,
  { settings }: SessionStore,
  select: QueryOptions['select'],
): JsonObject {
  const whole = settings.properties.has('sessionKey') ? { sessionKey: id, ...session } : session;
  const kept = select === undefined ? whole : pick(whole, select);
  return settings.annotate ? { '@odata.type': `#${SESSION_TYPE}`, ...kept } : { ...kept };
}

const pick = (session: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(session, name)).map((name) => [name, session[name]]));

/** The `@odata.context` of an answer. */
export function context({ settings, baseUrl }: SessionStore, select: QueryOptions['select'], kind: string): JsonObject {
  if (!settings.annotate) return {};
  const selected = select === undefined ? '' : `(${select.join(',')})`;
  return { '@odata.context': `${baseUrl}/$metadata#${settings.sessionsPath}${selected}${kind}` };
}
