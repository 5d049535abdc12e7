import type { Emulator } from '../../src/emulator/emulator.ts';
import type { GraphRequest } from '../../src/emulator/graph/graph-emulator.ts';

/** One operation of a caller as the gateway answered it. */
export interface Observed {
  readonly kind: 'single' | 'batch' | 'list' | 'update';
  readonly status: number;
  readonly durationMs: number;
  /** The answer, parsed; undefined when it was no JSON. */
  readonly body: Answer | undefined;
  /** The sessions that it may name. */
  readonly owner: string;
  /** What an update sent. */
  readonly sent?: string;
}

interface Answer {
  readonly data?: { readonly answer?: unknown } | null;
  readonly errors?: readonly {
    readonly path?: readonly unknown[];
    readonly extensions?: { readonly code?: string; readonly outcome?: string };
  }[];
}

/** Knows from the emulator what is true, and holds every answer against it. */
export interface Oracle {
  /** A value that an update is about to send. */
  observe(observed: Observed): void;
  /** Looks at what reached Graph since the last time: nobody's session may be asked for in another's name. */
  inspectRequests(): void;
  /** After the last answer: what was called not applied must not have been applied later either. */
  finish(): void;
  readonly wrong: readonly string[];
  readonly codes: ReadonlyMap<string, number>;
  readonly slowestMs: number;
  readonly answers: number;
  /** Answers that came after the budget and what a busy machine may take beside it. */
  readonly late: number;
}

/** Codes of the contract that these operations may meet. */
const CODES = new Set([
  'ok',
  'UNAUTHENTICATED',
  'INTERACTION_REQUIRED',
  'FORBIDDEN',
  'CONFLICT',
  'THROTTLED',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'OVERLOADED',
  'INTERNAL_SERVER_ERROR',
]);
const OUTCOMES = new Set(['NOT_APPLIED', 'APPLIED', 'UNKNOWN']);
/** More would be the same again. */
const MOST_WRONG = 50;

/** Session ids are `s-<caller>-<number>`, device names begin with the id and end in a number that is used once. */
export function createOracle(
  { graph }: Emulator,
  options: { readonly oidOf: (owner: string) => string | undefined; readonly latestMs: number },
): Oracle {
  const applied = new Set<string>();
  const denied = new Set<string>();
  const wrong: string[] = [];
  const codes = new Map<string, number>();
  let [slowestMs, answers, late] = [0, 0, 0];
  let seen: GraphRequest | undefined;
  const set = graph.sessions.set.bind(graph.sessions);
  graph.sessions.set = (id, session) => {
    applied.add(String(session.deviceName));
    return set(id, session);
  };
  const report = (what: string, detail: unknown) => {
    if (wrong.length < MOST_WRONG) wrong.push(`${what}: ${JSON.stringify(detail)}`);
  };
  const count = (name: string) => codes.set(name, (codes.get(name) ?? 0) + 1);

  function observeUpdate({ body, sent = '' }: Observed) {
    const error = body?.errors?.[0];
    if (error === undefined) {
      if (!applied.has(sent)) report('a success that was not applied', sent);
      return;
    }
    const { outcome } = error.extensions ?? {};
    // What failed before it was executed carries none, and nothing ran.
    if (outcome === undefined && error.path !== undefined) report('no outcome', error);
    if (outcome !== undefined && !OUTCOMES.has(outcome)) report('an outcome of its own', error);
    if (outcome === 'APPLIED' && !applied.has(sent)) report('APPLIED that was not', sent);
    if (outcome === 'NOT_APPLIED' || outcome === undefined) denied.add(sent);
    if (outcome !== undefined) count(`outcome ${outcome}`);
    if (outcome === 'UNKNOWN') count(`outcome UNKNOWN, in truth ${applied.has(sent) ? 'applied' : 'not applied'}`);
  }

  return {
    wrong,
    codes,
    get slowestMs() {
      return slowestMs;
    },
    get answers() {
      return answers;
    },
    get late() {
      return late;
    },
    observe(observed) {
      const { kind, status, durationMs, body, owner } = observed;
      answers += 1;
      slowestMs = Math.max(slowestMs, durationMs);
      if (durationMs > options.latestMs) late += 1;
      if (body === undefined) return report('no JSON', { kind, status });
      const errors = body.errors ?? [];
      for (const { extensions } of errors.length === 0 ? [{ extensions: { code: 'ok' } }] : errors) {
        const code = extensions?.code ?? 'none';
        count(code);
        if (!CODES.has(code)) report('a code of its own', { kind, extensions });
      }
      for (const { id, deviceName } of sessionsIn(body.data?.answer)) {
        if (id !== undefined && !String(deviceName).startsWith(`${id}:`)) report('mixed sessions', { id, deviceName });
        if (kind !== 'list' && !String(deviceName).startsWith(owner))
          report("another's session", { owner, deviceName });
      }
      if (kind === 'update') observeUpdate(observed);
    },
    inspectRequests() {
      const last = graph.requests.at(-1);
      for (let index = graph.requests.length - 1; index >= 0; index -= 1) {
        const request = graph.requests[index];
        if (request === undefined || request === seen) break;
        for (const url of [request.url, ...(request.batch ?? []).map((entry) => entry.url)]) {
          const owner = /\/(s-\d+-)\d+/.exec(url)?.[1];
          if (owner !== undefined && request.oid !== options.oidOf(owner)) {
            report("another caller's token", { url, oid: request.oid });
          }
        }
      }
      seen = last;
    },
    finish() {
      for (const value of denied) if (applied.has(value)) report('NOT_APPLIED that was applied', value);
    },
  };
}

/** All sessions of an answer, whatever its shape; the id is known where it was selected. */
function sessionsIn(answer: unknown): { id: string | undefined; deviceName: unknown }[] {
  if (Array.isArray(answer)) return answer.flatMap(sessionsIn);
  if (typeof answer !== 'object' || answer === null) return [];
  const { id, deviceName, nodes, remoteHelpSessionResponse: nested } = answer as Record<string, unknown>;
  if (typeof deviceName === 'string') return [{ id: typeof id === 'string' ? id : undefined, deviceName }];
  return [...sessionsIn(nodes), ...sessionsIn(nested)];
}
