import type { AnswerHeaders, AnswerTypes } from './answer-types.ts';
import type { GatewayRequest, RequestContext } from './context.ts';
import type { KnownOperations } from './documents/known-operations.ts';
import type { RequestParameters } from './documents/request-parameters.ts';
import { checkOperation, type Variables } from './execution/check-operation.ts';
import { type ExecutedOperation, executeOperation } from './execution/execute-operation.ts';
import type { PreparedOperation } from './execution/prepare-operation.ts';
import type { GraphQLHttpAnswer, GraphQLHttpRequest } from './graphql-http.ts';

/**
 * The way of a request whose text Apollo has let in before: it is executed without asking Apollo again, whose pipeline
 * costs as much as all else together.
 * @returns undefined for whatever is unusual about the request, wrong variables included: nothing has run, and Apollo
 * says what it says to the first request with this text
 */
export type KnownWay = (
  text: string,
  parameters: RequestParameters,
  request: GraphQLHttpRequest,
  gateway: GatewayRequest,
) => Promise<GraphQLHttpAnswer> | undefined;

export interface KnownWayOptions {
  readonly known: KnownOperations;
  readonly answerTypes: AnswerTypes;
  readonly createContext: (request: GatewayRequest) => RequestContext;
}

export function createKnownWay({ known, answerTypes, createContext }: KnownWayOptions): KnownWay {
  return (text, { operationName, variables }, request, gateway) => {
    // Without a token only introspection is answered, and it is not worth a fast way.
    if (gateway.caller === undefined) return undefined;
    const prepared = known.get(text);
    const headers = answerTypes.of(request);
    if (prepared === undefined || headers === undefined || !isPlain(request, prepared, operationName)) return undefined;
    const given = (variables ?? undefined) as Variables | undefined;
    const coerced = checked(prepared, given, gateway);
    if (coerced === undefined) return undefined;
    gateway.record.operationName = prepared.name;
    gateway.record.operationType = prepared.operation.operation;
    const executed = executeOperation(prepared, { given, coerced }, createContext(gateway));
    return executed.then((result) => answerOf(result, headers));
  };
}

/** Whether Apollo would do no more than execute it: it lets no GET change anything, and reads the media type of a GET. */
function isPlain({ method, headers }: GraphQLHttpRequest, { operation }: PreparedOperation, name: unknown): boolean {
  if (name !== undefined && name !== null && name !== operation.name?.value) return false;
  if (method === 'POST') return true;
  return method === 'GET' && operation.operation === 'query' && headers['content-type'] === undefined;
}

function checked(prepared: PreparedOperation, given: Variables | undefined, { caller }: GatewayRequest) {
  try {
    return checkOperation(prepared, given, caller);
  } catch {
    return undefined;
  }
}

function answerOf(
  { data, errors, status = 200, headers }: ExecutedOperation,
  ordinary: AnswerHeaders,
): GraphQLHttpAnswer {
  return {
    status,
    headers: headers.size === 0 ? ordinary : { ...ordinary, ...Object.fromEntries(headers) },
    body: `${JSON.stringify({ errors, data })}\n`,
  };
}
