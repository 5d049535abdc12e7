import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { isDateTimeOffset } from '../msgraph/date-time-offset.ts';

const EXPECTED =
  'DateTimeOffset must be an RFC 3339 date-time with an offset and at most 7 fractional digits, such as 2016-12-31T23:59:57.5564522-08:00.';

/** Text that is checked and passed through unchanged. Errors are GraphQLErrors of our own, so that none quotes the value. */
export const DateTimeOffsetScalar = new GraphQLScalarType<string, string>({
  name: 'DateTimeOffset',
  parseValue: (value) => checked(value),
  parseLiteral: (node) => checked(node.kind === Kind.STRING ? node.value : undefined),
  // What Graph answered was checked when it was read.
  serialize: (value) => value as string,
});

function checked(value: unknown): string {
  if (typeof value === 'string' && isDateTimeOffset(value)) return value;
  throw new GraphQLError(EXPECTED);
}
