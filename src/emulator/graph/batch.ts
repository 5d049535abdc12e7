import type { FaultQueue } from '../http/fault-queue.ts';
import type { Answer, Outcome } from '../http/outcome.ts';
import { withFault } from '../http/with-fault.ts';
import { type JsonObject, parseJson } from '../json.ts';
import { batchBody } from './batch-answer.ts';
import { type BatchStep, readBatchEnvelope } from './batch-envelope.ts';
import { type BearerRules, checkEntryClaims } from './bearer.ts';
import { type Call, createCall } from './call.ts';
import { failure } from './failure.ts';
import type { GraphBatchEntry, GraphRequest } from './graph-emulator.ts';
import { json } from './json-answer.ts';
import { route } from './route.ts';
import type { SessionStore } from './session-store.ts';

/** What a batch needs to answer its entries as if they had come alone. */
interface BatchScene {
  readonly token: JsonObject;
  readonly store: SessionStore;
  readonly rules: BearerRules;
  readonly faults: FaultQueue;
  readonly signal: AbortSignal;
}

/** Answers `POST /$batch`. An entry that is dropped or hangs takes the whole batch with it. */
export async function runBatch(call: Call, entry: GraphRequest, scene: BatchScene): Promise<Outcome> {
  const refused = (status: number, code: string, message: string): Outcome => ({
    kind: 'answer',
    answer: failure(call, status, code, message),
  });
  const { settings } = scene.store;
  if (call.request.method !== 'POST') return refused(405, 'Request_BadRequest', 'A batch must be sent with POST.');
  if (settings.batchRefused) return refused(settings.batchRefused, 'BadRequest', 'This resource cannot be batched.');
  if (!/^application\/json\b/i.test(call.request.headers['content-type'] ?? '')) {
    return refused(
      400,
      'BadRequest',
      'Write requests (excluding DELETE) must contain the Content-Type header declaration.',
    );
  }
  const steps = readBatchEnvelope(parseJson(call.request.body));
  if ('problem' in steps) return refused(400, 'BadRequest', steps.problem);
  const entries: GraphBatchEntry[] = steps.map((step) => ({ ...step, status: undefined }));
  entry.batch = entries;
  const outcomes = await Promise.all(steps.map((step) => runStep(step, call, scene)));
  const answers: { id: string; answer: Answer }[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.kind !== 'answer') return outcome;
    const { id } = entries[index] as GraphBatchEntry;
    (entries[index] as GraphBatchEntry).status = outcome.answer.status;
    answers.push({ id, answer: withEntryHeaders(outcome.answer) });
  }
  return { kind: 'answer', answer: json(200, batchBody(answers, settings.entryHeaderCase)) };
}

async function runStep(step: BatchStep, outer: Call, scene: BatchScene): Promise<Outcome> {
  const url = step.url.startsWith('/') ? step.url : `/${step.url}`;
  const body = step.body === undefined ? '' : JSON.stringify(step.body);
  const call = createCall({ ...step, url: `/beta${url}`, body }, scene.rules.audience, outer.now, outer);
  const carryOut = async (): Promise<Outcome> => ({
    kind: 'answer',
    answer: checkEntryClaims(call, scene.token, scene.rules) ?? route(call, scene.token, scene.store),
  });
  const oid = typeof scene.token.oid === 'string' ? scene.token.oid : undefined;
  const subject = { method: step.method, paths: [`/beta${url}`, url], oid, inBatch: true, claims: scene.token };
  return withFault(scene.faults.take(subject), carryOut, scene.signal);
}

/** Entries have few headers of their own; the ids are those of the envelope. */
const withEntryHeaders = (answer: Answer): Answer => ({
  ...answer,
  headers: {
    'Cache-Control': 'no-store',
    'OData-Version': '4.0',
    ...(typeof answer.body === 'object' ? { 'Content-Type': 'application/json' } : {}),
    ...answer.headers,
  },
});
