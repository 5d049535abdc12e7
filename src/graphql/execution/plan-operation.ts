import {
  type FieldNode,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getArgumentValues,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { bytesOf, bytesOfField } from './answer-size.ts';
import { collectFields, type Selections } from './selected-fields.ts';

/** An operation worked out once: what graphql-js would find out anew in each execution, although it is always the same. */
export interface OperationPlan {
  readonly parentType: GraphQLObjectType;
  readonly fields: readonly RootFieldPlan[];
  /** Fields in all, fragments opened: what the plan costs to keep. */
  readonly size: number;
}

/** A field of the answer: its name there, and where its value comes from. */
export interface FieldPlan {
  readonly responseName: string;
  readonly fieldName: string;
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  readonly value: ValuePlan;
}

/** How a value is completed: `fixed` is that of `__typename`; of the others `leaf`, `item` or `fields` tells which it is. */
export interface ValuePlan {
  readonly type: GraphQLOutputType;
  readonly nonNull: boolean;
  readonly fixed: string | undefined;
  readonly leaf: GraphQLLeafType | undefined;
  readonly item: ValuePlan | undefined;
  readonly fields: readonly FieldPlan[] | undefined;
  /** What an object adds to an answer beside the values of its fields. */
  readonly bytes: number;
}

export interface RootFieldPlan extends FieldPlan {
  readonly definition: GraphQLField<unknown, unknown> | undefined;
  /** All arguments, where no variable is among them. */
  readonly constants: Readonly<Record<string, unknown>> | undefined;
  /** Name and variable of each argument, where each is a variable and nothing else. */
  readonly variables: readonly (readonly [argument: string, variable: string])[] | undefined;
}

/**
 * Plans an operation without directives, of a document that was validated.
 * @returns undefined for what graphql-js itself must execute: introspection, resolvers below the root, abstract types,
 * root fields that may not be null, a name that is special to JavaScript
 */
export function planOperation(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Selections['fragments'],
): OperationPlan | undefined {
  const parentType = schema.getRootType(operation.operation);
  if (!isObjectType(parentType)) return undefined;
  const fields = planFields(parentType, [operation.selectionSet], fragments, true);
  if (fields === undefined || fields.some(({ value }) => value.nonNull && value.fixed === undefined)) return undefined;
  return { parentType, fields: fields.map((field) => planRoot(field)), size: sizeOf(fields) };
}

function sizeOf(fields: readonly FieldPlan[]): number {
  let size = fields.length;
  for (const { value } of fields) {
    let inner: ValuePlan | undefined = value;
    while (inner?.item !== undefined) inner = inner.item;
    size += sizeOf(inner?.fields ?? []);
  }
  return size;
}

function planRoot(field: FieldPlan): RootFieldPlan {
  const definition = field.parentType.getFields()[field.fieldName];
  const [node] = field.nodes;
  const written = node?.arguments ?? [];
  const variables = written.flatMap(({ name, value }) =>
    value.kind === Kind.VARIABLE ? [[name.value, value.name.value] as const] : [],
  );
  const hasDefaults = definition?.args.some(({ defaultValue }) => defaultValue !== undefined);
  return {
    ...field,
    definition,
    constants: definition && node && !holdsVariable(node) ? getArgumentValues(definition, node, {}) : undefined,
    variables: variables.length === written.length && !hasDefaults ? variables : undefined,
  };
}

function holdsVariable({ arguments: written = [] }: FieldNode): boolean {
  let holds = false;
  const see = () => {
    holds = true;
  };
  for (const argument of written) visit(argument, { Variable: see });
  return holds;
}

function planFields(
  parentType: GraphQLObjectType,
  sets: readonly (SelectionSetNode | undefined)[],
  fragments: Selections['fragments'],
  atRoot = false,
): FieldPlan[] | undefined {
  const plans: FieldPlan[] = [];
  for (const [responseName, nodes] of collectFields(sets, { fragments, variableValues: {} })) {
    const fieldName = nodes[0]?.name.value ?? '';
    const definition = parentType.getFields()[fieldName];
    const value =
      fieldName === '__typename'
        ? { ...LEAF, type: parentType, nonNull: true, fixed: parentType.name }
        : definition && (atRoot || definition.resolve === undefined)
          ? planValue(definition.type, nodes, fragments)
          : undefined;
    if (value === undefined || responseName === '__proto__') return undefined;
    plans.push({ responseName, fieldName, nodes, parentType, value });
  }
  return plans;
}

const LEAF = { nonNull: false, fixed: undefined, leaf: undefined, item: undefined, fields: undefined, bytes: 0 };

function planValue(
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  fragments: Selections['fragments'],
): ValuePlan | undefined {
  if (isNonNullType(type)) {
    const inner = planValue(type.ofType, nodes, fragments);
    return inner && { ...inner, nonNull: true };
  }
  if (isLeafType(type)) return { ...LEAF, type, leaf: type };
  if (isListType(type)) {
    const item = planValue(type.ofType, nodes, fragments);
    return item && { ...LEAF, type, item };
  }
  if (!isObjectType(type) || type.isTypeOf) return undefined;
  const sets = nodes.map(({ selectionSet }) => selectionSet);
  const fields = planFields(type, sets, fragments);
  return fields && { ...LEAF, type, fields, bytes: bytesOfNames(fields) };
}

function bytesOfNames(fields: readonly FieldPlan[]): number {
  let bytes = 0;
  for (const { responseName, value } of fields) bytes += bytesOfField(responseName) + bytesOf(value.fixed);
  return bytes;
}
