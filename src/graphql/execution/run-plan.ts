import {
  type ExecutionResult,
  type GraphQLError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  locatedError,
  type OperationDefinitionNode,
} from 'graphql';
import type { RequestContext } from '../context.ts';
import type { FieldPlan, OperationPlan, RootFieldPlan, ValuePlan } from './plan-operation.ts';
import type { Selections } from './selected-fields.ts';

/** What is the same for all fields of one execution. */
export interface Execution extends Selections {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly plan: OperationPlan;
  readonly context: RequestContext;
}

/** Where a value is in the answer, from there to the root. */
interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

type Data = Record<string, unknown>;

/**
 * Executes a planned operation: its answer is that of graphql-js. Root fields of a query run side by side, those of a
 * mutation one after another. Below the root nothing is waited for: a resolver settles all that its field holds.
 */
export function runPlan(execution: Execution): ExecutionResult | Promise<ExecutionResult> {
  const { plan, operation } = execution;
  const data: Data = {};
  const errors: GraphQLError[] = [];
  const result = () => (errors.length === 0 ? { data } : { errors, data });
  if (operation.operation === 'mutation' && plan.fields.length > 1) {
    return runOneByOne(execution, data, errors).then(result);
  }
  const waiting: Promise<void>[] = [];
  for (const field of plan.fields) {
    const running = runRoot(field, execution, data, errors);
    if (running !== undefined) waiting.push(running);
  }
  if (waiting.length === 0) return result();
  return (waiting.length === 1 ? (waiting[0] as Promise<void>) : Promise.all(waiting)).then(result);
}

async function runOneByOne(execution: Execution, data: Data, errors: GraphQLError[]): Promise<void> {
  for (const field of execution.plan.fields) await runRoot(field, execution, data, errors);
}

/** Puts a root field into the answer. A promise where its resolver gave one; it is always kept. */
function runRoot(field: RootFieldPlan, execution: Execution, data: Data, errors: GraphQLError[]) {
  const { responseName, value, definition } = field;
  // Now, because the names of an answer stand in the order of the document.
  data[responseName] = value.fixed ?? null;
  if (definition?.resolve === undefined) return undefined;
  const path = { prev: undefined, key: responseName, typename: field.parentType.name };
  const fail = (failure: unknown) => {
    data[responseName] = null;
    errors.push(located(failure, field, path));
  };
  const complete = (settled: unknown) => {
    try {
      data[responseName] = completeValue(value, settled, field, path, errors);
    } catch (failure) {
      fail(failure);
    }
  };
  try {
    const info = infoOf(field, definition.type, path, execution);
    const settled = definition.resolve(undefined, argumentsOf(field, execution), execution.context, info);
    if (settled instanceof Promise) return settled.then(complete, fail);
    complete(settled);
  } catch (failure) {
    fail(failure);
  }
  return undefined;
}

function infoOf(
  { fieldName, nodes, parentType }: RootFieldPlan,
  returnType: GraphQLResolveInfo['returnType'],
  path: Path,
  { schema, fragments, operation, variableValues }: Execution,
): GraphQLResolveInfo {
  return {
    fieldName,
    fieldNodes: nodes,
    returnType,
    parentType,
    path,
    schema,
    fragments,
    rootValue: undefined,
    operation,
    variableValues,
  };
}

/** What is not plain is left to graphql-js: a variable that is absent or null, and one inside of another value. */
function argumentsOf(field: RootFieldPlan, { variableValues }: Execution): Readonly<Record<string, unknown>> {
  const { constants, variables, definition, nodes } = field;
  if (constants !== undefined) return constants;
  const given: Record<string, unknown> = {};
  for (const [argument, variable] of variables ?? []) {
    const value = Object.hasOwn(variableValues, variable) ? variableValues[variable] : null;
    if (value === null) return valuesOf();
    given[argument] = value;
  }
  return variables === undefined ? valuesOf() : given;

  function valuesOf() {
    return getArgumentValues(definition as NonNullable<typeof definition>, nodes[0] as (typeof nodes)[0] & object, {
      ...variableValues,
    });
  }
}

/** @throws what makes the value null, for the next place above that may be null */
function completeValue(plan: ValuePlan, value: unknown, field: FieldPlan, path: Path, errors: GraphQLError[]): unknown {
  if (value instanceof Error) throw value;
  if (value === null || value === undefined) {
    if (!plan.nonNull) return null;
    throw new Error(`Cannot return null for non-nullable field ${field.parentType.name}.${field.fieldName}.`);
  }
  if (plan.leaf !== undefined) return plan.leaf.serialize(value);
  if (plan.fields !== undefined) return completeObject(plan.fields, value as Data, path, errors);
  return completeList(plan.item as ValuePlan, value as readonly unknown[], field, path, errors);
}

function completeObject(fields: readonly FieldPlan[], source: Data, path: Path, errors: GraphQLError[]): Data {
  const data: Data = {};
  for (const field of fields) {
    const { value, responseName, fieldName } = field;
    if (value.fixed !== undefined) {
      data[responseName] = value.fixed;
      continue;
    }
    const inner = value.leaf === undefined ? { prev: path, key: responseName, typename: field.parentType.name } : path;
    try {
      data[responseName] = completeValue(value, source[fieldName], field, inner, errors);
    } catch (failure) {
      const at = value.leaf === undefined ? inner : { prev: path, key: responseName, typename: field.parentType.name };
      const error = located(failure, field, at);
      if (value.nonNull) throw error;
      errors.push(error);
      data[responseName] = null;
    }
  }
  return data;
}

function completeList(
  item: ValuePlan,
  values: readonly unknown[],
  field: FieldPlan,
  path: Path,
  errors: GraphQLError[],
): unknown[] {
  return values.map((value, key) => {
    const at = { prev: path, key, typename: undefined };
    try {
      return completeValue(item, value, field, at, errors);
    } catch (failure) {
      const error = located(failure, field, at);
      if (item.nonNull) throw error;
      errors.push(error);
      return null;
    }
  });
}

function located(failure: unknown, field: FieldPlan, path: Path): GraphQLError {
  const keys: (string | number)[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.prev) keys.unshift(at.key);
  return locatedError(failure, field.nodes, keys);
}
