import type { KeyObject } from 'node:crypto';
import { addControlSurface } from '../control/control-surface.ts';
import { createBoundedLog } from '../http/bounded-log.ts';
import { createFaultQueue } from '../http/fault-queue.ts';
import type { Outcome } from '../http/outcome.ts';
import type { ReceivedRequest } from '../http/received-request.ts';
import { createStoppableServer } from '../http/stoppable-server.ts';
import { withFault } from '../http/with-fault.ts';
import { isJsonObject, type JsonObject, parseJson } from '../json.ts';
import { runBatch } from './batch.ts';
import { type BearerRules, bearerOf, checkBearer } from './bearer.ts';
import { type Call, createCall } from './call.ts';
import { withGraphHeaders } from './front-door-headers.ts';
import type { GraphEmulator, GraphRequest } from './graph-emulator.ts';
import { documentedSettings } from './graph-settings.ts';
import { graphPresets } from './presets.ts';
import { route } from './route.ts';
import { addSessionControl } from './session-control.ts';
import { createTokenDemands } from './token-demands.ts';

/** Microsoft Graph, not listening yet. `findKey` answers Entra's signing keys. */
export function createGraph(options: {
  port: number;
  host: string;
  publicHost: string;
  clock: () => number;
  sessions: Iterable<[id: string, session: JsonObject]>;
  authorizationUri: string;
  findKey: (kid: string | undefined) => KeyObject | undefined;
}): GraphEmulator {
  const { clock } = options;
  const initial = copies(options.sessions);
  const faults = createFaultQueue();
  const demands = createTokenDemands();
  const log = createBoundedLog<GraphRequest>();

  const carryOut = async (call: Call, entry: GraphRequest, signal: AbortSignal): Promise<Outcome> => {
    const rules: BearerRules = { ...options, audience: graph.origin, demands };
    const access = await checkBearer(call, rules);
    if ('status' in access) return { kind: 'answer', answer: access };
    const store = { sessions: graph.sessions, settings: graph, baseUrl: graph.baseUrl };
    return call.url.pathname === '/beta/$batch'
      ? runBatch(call, entry, { ...access, store, rules, faults, signal })
      : { kind: 'answer', answer: route(call, access.token, store) };
  };

  const handle = async (request: ReceivedRequest, signal: AbortSignal): Promise<Outcome> => {
    const call = createCall(request, graph.origin, clock());
    const entry = logEntry(request, call.now);
    log.add(entry);
    const claims = unverifiedClaims(bearerOf(request.headers));
    const subject = { method: request.method, paths: addresses(request.url), oid: entry.oid, inBatch: false, claims };
    const outcome = await withFault(faults.take(subject), () => carryOut(call, entry, signal), signal);
    if (outcome.kind !== 'answer') return outcome;
    entry.status = outcome.answer.status;
    return { kind: 'answer', answer: withGraphHeaders(outcome.answer, call) };
  };

  const server = createStoppableServer({
    ...options,
    handle,
    addRoutes: (app) =>
      addControlSurface(app, {
        log,
        faults,
        presets: graphPresets(options.authorizationUri),
        reset: () => graph.reset(),
        routes: (control) => addSessionControl(control, { sessions: graph.sessions, settings: graph }),
      }),
  });

  const graph: GraphEmulator = {
    ...documentedSettings(),
    get origin() {
      return server.origin;
    },
    get baseUrl() {
      return `${server.origin}/beta`;
    },
    sessions: new Map(copies(initial)),
    requests: log.entries,
    requireClaims: demands.requireClaims,
    rejectTokensIssuedBefore: demands.rejectTokensIssuedBefore,
    respondWith: (scripted) => faults.add(scripted),
    clearFaults: () => faults.clear(),
    clear() {
      log.clear();
      faults.clear();
      demands.clear();
    },
    reset() {
      graph.clear();
      Object.assign(graph, documentedSettings());
      graph.sessions.clear();
      for (const [id, session] of copies(initial)) graph.sessions.set(id, session);
    },
    start: () => server.start(),
    stop: () => server.stop(),
  };
  return graph;
}

function logEntry({ method, url, headers, body }: ReceivedRequest, at: number): GraphRequest {
  const claims = unverifiedClaims(bearerOf(headers));
  return {
    at,
    method,
    url,
    headers,
    body: body === '' ? undefined : (parseJson(body) ?? body),
    status: undefined,
    oid: typeof claims.oid === 'string' ? claims.oid : undefined,
    authorization: headers.authorization,
  };
}

function unverifiedClaims(token = ''): JsonObject {
  const claims = parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return isJsonObject(claims) ? claims : {};
}

const copies = (sessions: Iterable<[id: string, session: JsonObject]>): [id: string, session: JsonObject][] =>
  [...sessions].map(([id, session]) => [id, structuredClone(session)]);

/** A fault may name an address with or without the version. */
const addresses = (url: string): string[] => [url, url.replace(/^\/beta/, '')];
