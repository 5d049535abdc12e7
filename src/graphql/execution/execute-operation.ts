import { type ExecutionResult, execute, type GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../context.ts';
import { formatExecutionError, gatewayErrorOf } from '../format-error.ts';
import { noteErrors } from '../note-error.ts';
import type { Variables } from './check-operation.ts';
import type { PreparedOperation } from './prepare-operation.ts';
import { runPlan } from './run-plan.ts';

/** What an operation came to, with what its errors ask of the HTTP answer. */
export interface ExecutedOperation {
  readonly data: ExecutionResult['data'];
  readonly errors: readonly GraphQLFormattedError[] | undefined;
  /** Undefined where GraphQL's own 200 stands. */
  readonly status: number | undefined;
  readonly headers: ReadonlyMap<string, string>;
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
 */
export async function executeOperation(
  prepared: PreparedOperation,
  variables: BothVariables,
  context: RequestContext,
): Promise<ExecutedOperation> {
  const { schema, document, operation, fragments, plan } = prepared;
  const result = await (plan !== undefined
    ? runPlan({ schema, operation, fragments, plan, variableValues: variables.coerced, context })
    : execute({
        schema,
        document,
        contextValue: context,
        operationName: operation.name?.value,
        variableValues: variables.given,
      }));
  const unwritten = context.audit.flush();
  if (unwritten !== undefined) await unwritten;
  return finish(result, prepared, context);
}

const NO_HEADERS: ReadonlyMap<string, string> = new Map();

/** Every operation passes here between its execution and its answer. */
function finish(
  { data, errors }: ExecutionResult,
  { operation }: PreparedOperation,
  context: RequestContext,
): ExecutedOperation {
  if (errors === undefined) return { data: data ?? null, errors, status: undefined, headers: NO_HEADERS };
  noteErrors(errors, context);
  let status: number | undefined;
  const headers = new Map<string, string>();
  for (const error of errors) {
    const known = gatewayErrorOf(error);
    status = known?.httpStatus ?? status;
    for (const [name, value] of known?.httpHeaders ?? []) headers.set(name, value);
  }
  const formatted = errors.map((error) => formatExecutionError(error, operation.operation));
  return { data: data ?? null, errors: formatted, status, headers };
}
