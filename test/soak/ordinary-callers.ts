import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Emulator } from '../../src/emulator/emulator.ts';

/** People who do what the gateway is for, each with sessions of his own, while somebody else attacks. */
export interface OrdinaryCallers {
  /** Answers that were right. */
  readonly served: number;
  /** Answers that said no, by status and code, and connections that were lost. */
  readonly refused: ReadonlyMap<string, number>;
  /** What no answer may be. */
  readonly wrong: readonly string[];
  readonly slowestMs: number;
  /** Resolves when the last has its answer. */
  done(): Promise<void>;
}

export interface OrdinaryCallersOptions {
  readonly emulator: Emulator;
  readonly url: string;
  readonly isOver: () => boolean;
}

const CALLERS = 3;
const PAUSE_MS = 200;
const MOST_WRONG = 20;
const KINDS = ['single', 'batch', 'update'] as const;

/** The documents that they send; with trusted documents these are the list. */
export const ordinaryDocuments = {
  single: 'query Single($id: ID!) { remoteHelpSessionResponse(id: $id) { id deviceName } }',
  batch: 'query Batch($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { id deviceName } }',
  update: `mutation Update($id: ID!, $name: String) { updateRemoteHelpSessionResponse(id: $id, input: { deviceName: $name }) {
    remoteHelpSessionResponse { id deviceName } } }`,
} as const;

/** The `oid`s of the ordinary callers. */
export const ordinaryPeople = Array.from(
  { length: CALLERS },
  (_, index) => `00000000-0000-4000-9000-00000000000${index}`,
);

const sessionsOf = (caller: number) => [0, 1].map((index) => `ordinary-${caller}-${index}`);

/** Their sessions as Graph holds them at first. */
export const ordinarySessions = ordinaryPeople.flatMap((_, caller) =>
  sessionsOf(caller).map((id): [string, Record<string, unknown>] => [
    id,
    { id, sessionKey: id, deviceName: 'at first' },
  ]),
);

export function startOrdinaryCallers({ emulator, url, isOver }: OrdinaryCallersOptions): OrdinaryCallers {
  const refused = new Map<string, number>();
  const wrong: string[] = [];
  let [served, slowestMs, turn] = [0, 0, 0];
  const kept = new Agent({ connections: CALLERS });
  const running = ordinaryPeople.map((oid, caller) => run(caller, emulator.entra.mintToken({ oid })));

  async function run(caller: number, token: string): Promise<void> {
    const names = new Map(sessionsOf(caller).map((id) => [id, 'at first']));
    while (!isOver()) {
      turn += 1;
      const kind = KINDS[turn % KINDS.length] ?? 'single';
      await ask(kind, { caller, token, names, name: `name ${turn}` });
      await sleep(PAUSE_MS);
    }
  }

  interface Turn {
    readonly caller: number;
    readonly token: string;
    /** What each session is called, as far as this caller, the only one to name it, knows. */
    readonly names: Map<string, string>;
    readonly name: string;
  }

  async function ask(kind: (typeof KINDS)[number], { caller, token, names, name }: Turn): Promise<void> {
    const ids = sessionsOf(caller);
    const [id = ''] = ids;
    // Most clients keep their connections; some come anew each time.
    const own = turn % 2 === 0 ? undefined : new Agent({ pipelining: 0 });
    const began = performance.now();
    try {
      const { statusCode, body } = await request(`${url}/graphql`, {
        dispatcher: own ?? kept,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: ordinaryDocuments[kind], variables: { id, ids, name } }),
      });
      const answer = readAnswer(await body.text());
      slowestMs = Math.max(slowestMs, performance.now() - began);
      if (answer === undefined) return report('no JSON', statusCode);
      if (answer.refusal !== undefined) return refuse(`${statusCode} ${answer.refusal}`);
      if (statusCode !== 200) return report('a status without an error', statusCode);
      if (kind === 'update') {
        if (emulator.graph.sessions.get(id)?.deviceName !== name) report('a success that was not applied', name);
        names.set(id, name);
      }
      const expected = (kind === 'batch' ? ids : [id]).map((each) => ({ id: each, deviceName: names.get(each) }));
      if (JSON.stringify(answer.sessions) !== JSON.stringify(expected)) return report('not what was asked', answer);
      served += 1;
    } catch {
      refuse('connection lost');
    } finally {
      await own?.destroy();
      // What was refused may have been carried out all the same.
      names.set(id, String(emulator.graph.sessions.get(id)?.deviceName));
    }
  }

  function refuse(what: string) {
    refused.set(what, (refused.get(what) ?? 0) + 1);
  }

  function report(what: string, detail: unknown) {
    if (wrong.length < MOST_WRONG) wrong.push(`${what}: ${JSON.stringify(detail)}`);
  }

  return {
    get served() {
      return served;
    },
    refused,
    wrong,
    get slowestMs() {
      return slowestMs;
    },
    async done() {
      await Promise.all(running);
      await kept.destroy();
    },
  };
}

/** The sessions of an answer, or the code of its first error; undefined for what is no answer of GraphQL. */
function readAnswer(text: string): { readonly sessions: unknown[]; readonly refusal: string | undefined } | undefined {
  try {
    const { data, errors } = JSON.parse(text) as { data?: object; errors?: { extensions?: { code?: string } }[] };
    const refusal = errors === undefined ? undefined : (errors[0]?.extensions?.code ?? 'an error without a code');
    return { sessions: sessionsIn(data), refusal };
  } catch {
    return undefined;
  }
}

function sessionsIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'deviceName' in value ? [value] : Object.values(value).flatMap(sessionsIn);
}
