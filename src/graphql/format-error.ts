import { GraphQLError, type GraphQLFormattedError, type OperationTypeNode } from 'graphql';
import { GatewayError, internalError, type UpdateOutcome } from '../errors.ts';
import { variableMessage, withoutValues } from './error-messages.ts';

/** Codes of Apollo's own that may leave the gateway. */
const APOLLO_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
]);

/** The failure behind an error of an answer, or undefined when graphql-js or Apollo made the error itself. */
export function gatewayErrorOf(error: unknown): GatewayError | undefined {
  if (error instanceof GatewayError) return error;
  return error instanceof GraphQLError && error.originalError instanceof GatewayError ? error.originalError : undefined;
}

/** Whether nobody foresaw this error: it is logged whole, and the client gets a fixed text. */
export function isUnforeseen(error: unknown): boolean {
  if (gatewayErrorOf(error) !== undefined) return false;
  if (!(error instanceof GraphQLError)) return true;
  if (error.originalError !== undefined && !(error.originalError instanceof GraphQLError)) return true;
  return !APOLLO_CODES.has(String(error.extensions.code)) && !isRefusal(error);
}

/** The code that a client gets for this failure, and that the log names. */
export function codeOf(error: unknown): string {
  const known = gatewayErrorOf(error);
  if (known !== undefined) return known.code;
  if (isUnforeseen(error)) return 'INTERNAL_SERVER_ERROR';
  const code = error instanceof GraphQLError ? String(error.extensions.code) : '';
  return APOLLO_CODES.has(code) ? code : 'BAD_USER_INPUT';
}

/** A GraphQL error that carries all that a GatewayError says, for places that Apollo would otherwise rename. */
export function asGraphQLError(error: GatewayError): GraphQLError {
  return new GraphQLError(error.message, { originalError: error });
}

/** The one mapper from any failure to the error that a client gets: `code` is in the closed set. It never throws. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const known = gatewayErrorOf(error);
  if (known !== undefined) return { ...formatted, message: known.message, extensions: known.publicExtensions };
  if (isUnforeseen(error)) {
    const { message, publicExtensions } = internalError();
    return { ...formatted, message, extensions: publicExtensions };
  }
  const message = error instanceof GraphQLError ? variableMessage(error) : undefined;
  return { ...formatted, message: message ?? withoutValues(formatted.message), extensions: { code: codeOf(error) } };
}

/**
 * The same for an error that an operation met while it ran: one of a mutation always says what became of it. A
 * GatewayError knows. An argument that is refused means that this update was not sent, whatever became of those before
 * it. What nobody foresaw inside of an update's answer came after the update.
 */
export function formatExecutionError(error: GraphQLError, operation: OperationTypeNode): GraphQLFormattedError {
  const formatted = formatError(error.toJSON(), error);
  if (operation !== 'mutation' || error.path === undefined || gatewayErrorOf(error) !== undefined) return formatted;
  const came: UpdateOutcome = error.path.length > 1 ? 'APPLIED' : 'UNKNOWN';
  const outcome = isUnforeseen(error) ? came : 'NOT_APPLIED';
  return { ...formatted, extensions: { ...formatted.extensions, outcome } };
}

/**
 * The client's fault, without a code that says so: graphql-js refuses some arguments and subscriptions only while it
 * executes, and Apollo gives a persisted query with a wrong hash or version no more than its HTTP status.
 */
function isRefusal({ message, extensions }: GraphQLError): boolean {
  const { status } = (extensions.http ?? {}) as { readonly status?: number };
  return (
    /^Argument "|^Too many errors processing variables|^Schema is not configured to execute /.test(message) ||
    Math.floor((status ?? 0) / 100) === 4
  );
}
