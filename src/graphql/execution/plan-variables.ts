import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

/**
 * Makes of variables as they came what graphql-js makes of them.
 * @returns undefined for whatever is not plainly right: graphql-js then says what is wrong, or what a default comes to
 */
export type VariablesPlan = (given: Readonly<Record<string, unknown>>) => Record<string, unknown> | undefined;

/** Takes a value in; throws anything for one that is not plainly right. */
type Take = (value: unknown) => unknown;

interface Place {
  readonly name: string;
  readonly take: Take;
  readonly mayBeAbsent: boolean;
}

/** Works out once what graphql-js looks up anew in each request: that is a tenth of what an update costs. */
export function planVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): VariablesPlan {
  const places = variableDefinitions.map(({ variable, type, defaultValue }) =>
    placeOf(variable.name.value, typeFromAST(schema, type), defaultValue),
  );
  return (given) => {
    try {
      return takePlaces(places, given);
    } catch {
      return undefined;
    }
  };
}

function placeOf(name: string, type: unknown, defaultValue: unknown): Place {
  return {
    name,
    // That name is special to JavaScript.
    take: isInputType(type) && name !== '__proto__' ? takeOf(type) : notPlain,
    mayBeAbsent: defaultValue === undefined && !isNonNullType(type),
  };
}

function takePlaces(places: readonly Place[], given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const taken: Record<string, unknown> = {};
  for (const { name, take, mayBeAbsent } of places) {
    if (Object.hasOwn(given, name)) taken[name] = take(given[name]);
    else if (!mayBeAbsent) notPlain();
  }
  return taken;
}

function takeOf(type: GraphQLInputType): Take {
  if (isNonNullType(type)) {
    const take = takeOf(type.ofType);
    return (value) => (value === null ? notPlain() : take(value));
  }
  if (isLeafType(type)) return (value) => (value === null ? null : (type.parseValue(value) ?? notPlain()));
  if (isListType(type)) {
    const take = takeOf(type.ofType);
    return (value) => (value === null ? null : Array.isArray(value) ? value.map((item) => take(item)) : notPlain());
  }
  return (value) => (value === null ? null : takeObject(value, type));
}

function takeObject(value: unknown, type: GraphQLInputObjectType): unknown {
  if (typeof value !== 'object' || Array.isArray(value) || type.isOneOf) return notPlain();
  const given = value as Readonly<Record<string, unknown>>;
  const taken = takePlaces(fieldsOf(type), given);
  // Else a name is among them that the type does not have.
  return Object.keys(given).length === Object.keys(taken).length ? taken : notPlain();
}

/** Of a type, not of a document: clients can send very many documents. Made late, because a type may hold itself. */
const fields = new WeakMap<GraphQLInputObjectType, readonly Place[]>();

function fieldsOf(type: GraphQLInputObjectType): readonly Place[] {
  let places = fields.get(type);
  if (places === undefined) {
    places = Object.values(type.getFields()).map((field) => placeOf(field.name, field.type, field.defaultValue));
    fields.set(type, places);
  }
  return places;
}

function notPlain(): never {
  throw NOT_PLAIN;
}

/** One for all: the making of an error costs more than what is saved. */
const NOT_PLAIN = new Error('not plain');
