import { type ExecutionArgs, type ExecutionResult, execute, type GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../context.ts';
import { asGraphQLError, formatExecutionError } from '../format-error.ts';
import { answerTooLarge, MAX_ANSWER_BYTES } from '../graphql-http.ts';
import { noteErrors } from '../note-error.ts';
import { type Answer, boundedResolver, bytesOf, limitExceeded } from './answer-size.ts';
import type { Variables } from './check-operation.ts';
import { type HttpOfErrors, httpOfErrors, NO_HEADERS } from './http-of-errors.ts';
import type { PreparedOperation } from './prepare-operation.ts';
import { runPlan } from './run-plan.ts';

/** What an operation came to, with what its errors ask of the HTTP answer. */
export interface ExecutedOperation extends HttpOfErrors {
  /** Undefined where the answer would be too large: the one error says so. */
  readonly data: ExecutionResult['data'];
  readonly errors: readonly GraphQLFormattedError[] | undefined;
}

export interface BothVariables {
  /** As they came. */
  readonly given: Variables | undefined;
  /** As graphql-js makes them, once checked. */
  readonly coerced: Variables;
}

/**
 * Runs an operation that was checked: the one way in which anything is executed here, whether Apollo was asked or not.
 * It throws for nothing that happens to an operation.
 * @param maxBytes what the answer may come to; commas and brackets that are not counted here are the HTTP door's to count
 */
export async function executeOperation(
  prepared: PreparedOperation,
  variables: BothVariables,
  context: RequestContext,
  maxBytes = MAX_ANSWER_BYTES,
): Promise<ExecutedOperation> {
  const { schema, document, operation, fragments, plan } = prepared;
  const answer = await (plan !== undefined
    ? runPlan({ schema, operation, fragments, plan, variableValues: variables.coerced, context, maxBytes })
    : executeUnplanned({
        schema,
        document,
        contextValue: context,
        operationName: operation.name?.value,
        variableValues: variables.given,
      }));
  const unwritten = context.audit.flush();
  if (unwritten !== undefined) await unwritten;
  return finish(answer, maxBytes, prepared, context);
}

/** What graphql-js makes is measured when it is there: its texts are there once, however often it names them. */
async function executeUnplanned(args: ExecutionArgs): Promise<Answer> {
  const { fieldResolver, isOver } = boundedResolver();
  const { data = null, errors = [] } = await execute({ ...args, fieldResolver });
  return { data, errors, bytes: isOver() ? Number.POSITIVE_INFINITY : bytesOf(data) };
}

/** Every operation passes here between its execution and its answer. */
function finish(
  answer: Answer,
  maxBytes: number,
  { operation }: PreparedOperation,
  context: RequestContext,
): ExecutedOperation {
  const data = answer.data as ExecutionResult['data'];
  const exceeded = limitExceeded(answer, maxBytes);
  if (exceeded !== undefined) {
    const tooLarge = asGraphQLError(answerTooLarge(exceeded, operation.operation));
    noteErrors([...answer.errors, tooLarge], context);
    return {
      data: undefined,
      errors: [formatExecutionError(tooLarge, operation.operation)],
      ...httpOfErrors([tooLarge]),
    };
  }
  if (answer.errors.length === 0) return { data, errors: undefined, status: undefined, headers: NO_HEADERS };
  noteErrors(answer.errors, context);
  const errors = answer.errors.map((error) => formatExecutionError(error, operation.operation));
  return { data, errors, ...httpOfErrors(answer.errors) };
}
