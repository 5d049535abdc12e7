import type { FastifyInstance } from 'fastify';
import { controlBody } from '../control/control-body.ts';
import { type Member, problemWith } from '../control/members.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { SessionStore } from './session-store.ts';
import { MOST_SESSIONS } from './write-sessions.ts';

/** Serves `GET` and `PUT /_emulator/sessions`: all of them, as one object by id. */
export function addSessionControl(
  control: FastifyInstance,
  { sessions, settings }: Pick<SessionStore, 'sessions' | 'settings'>,
): void {
  control.get('/sessions', (_request, reply) => reply.send(Object.fromEntries(sessions)));
  control.put('/sessions', (request, reply) => {
    const read = readSessions(controlBody(request.body, undefined), [...settings.properties.keys()]);
    if ('problem' in read) return reply.code(400).send({ error: read.problem });
    sessions.clear();
    for (const [id, session] of read.sessions) sessions.set(id, session);
    return reply.code(204).send();
  });
}

/** Values are not held to their types: a client may want to see what a future member or a strange date does to it. */
const value: Member = { check: (given) => given === null || typeof given === 'string', expected: 'text or null' };

function readSessions(
  body: unknown,
  properties: readonly string[],
): { sessions: [id: string, session: JsonObject][] } | { problem: string } {
  if (!isJsonObject(body)) return { problem: 'expected a JSON object of sessions: { "<id>": { ... } }' };
  const entries = Object.entries(body);
  if (entries.length > MOST_SESSIONS) return { problem: `at most ${MOST_SESSIONS} sessions` };
  const members = Object.fromEntries(properties.map((name) => [name, value]));
  const sessions: [string, JsonObject][] = [];
  for (const [id, session] of entries) {
    if (id === '') return { problem: 'a session with an empty id cannot be addressed' };
    if (!isJsonObject(session)) return { problem: `session "${id}": expected a JSON object` };
    const problem = problemWith(session, members, `session "${id}"`);
    if (problem !== undefined) return { problem };
    sessions.push([id, session]);
  }
  return { sessions };
}
