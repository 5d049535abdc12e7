import { type ASTNode, GraphQLError, type GraphQLScalarType, Kind } from 'graphql';
import { isDateTimeOffset } from '../msgraph/sessions/date-time-offset.ts';

const EXPECTED =
  'DateTimeOffset must be an RFC 3339 date-time with an offset and at most 7 fractional digits, such as 2016-12-31T23:59:57.5564522-08:00.';

/**
 * Text that is checked and passed through unchanged. Errors are GraphQLErrors of our own, so that none quotes the value.
 * Only what the scalar does: a whole GraphQLScalarType would put its own emptiness in the place of the description and
 * the `@specifiedBy` that schema.graphql gives it.
 */
export const DateTimeOffsetScalar: Pick<
  GraphQLScalarType<string, string>,
  'parseValue' | 'parseLiteral' | 'serialize'
> = {
  parseValue: (value) => checked(value),
  parseLiteral: (node) => checked(node.kind === Kind.STRING ? node.value : undefined, node),
  // What Graph answered was checked when it was read.
  serialize: (value) => value as string,
};

/** @param node where the value is written in the document, for the error's `locations` */
function checked(value: unknown, node?: ASTNode): string {
  if (typeof value === 'string' && isDateTimeOffset(value)) return value;
  throw new GraphQLError(EXPECTED, node === undefined ? {} : { nodes: node });
}
