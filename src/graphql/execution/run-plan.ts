import {
  type GraphQLError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  locatedError,
  type OperationDefinitionNode,
} from 'graphql';
import type { RequestContext } from '../context.ts';
import { type Answer, bytesOf, bytesOfField, isTooLarge } from './answer-size.ts';
import type { FieldPlan, OperationPlan, RootFieldPlan, ValuePlan } from './plan-operation.ts';
import type { Selections } from './selected-fields.ts';

/** What is the same for all fields of one execution. */
export interface Execution extends Selections {
  readonly variableValues: Readonly<Record<string, unknown>>;
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly plan: OperationPlan;
  readonly context: RequestContext;
  /** What the answer may come to. */
  readonly maxBytes: number;
}

/** Where a value is in the answer, from there to the root. */
interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

type Data = Record<string, unknown>;

/** The answer while it comes about. */
interface Growing extends Answer {
  readonly data: Data;
  readonly errors: GraphQLError[];
  bytes: number;
  readonly maxBytes: number;
}

/**
 * Executes a planned operation: its answer is that of graphql-js. Root fields of a query run side by side, those of a
 * mutation one after another. Below the root nothing is waited for: a resolver settles all that its field holds. Once
 * an answer is too large no more of it is made, because nobody gets it.
 */
export function runPlan(execution: Execution): Answer | Promise<Answer> {
  const { plan, operation, maxBytes } = execution;
  const answer: Growing = { data: {}, errors: [], bytes: 0, maxBytes };
  const result = () => answer;
  if (operation.operation === 'mutation' && plan.fields.length > 1) return runOneByOne(execution, answer).then(result);
  const waiting: Promise<void>[] = [];
  for (const field of plan.fields) {
    const running = runRoot(field, execution, answer);
    if (running !== undefined) waiting.push(running);
  }
  if (waiting.length === 0) return answer;
  return (waiting.length === 1 ? (waiting[0] as Promise<void>) : Promise.all(waiting)).then(result);
}

async function runOneByOne(execution: Execution, answer: Growing): Promise<void> {
  for (const field of execution.plan.fields) await runRoot(field, execution, answer);
}

/** Puts a root field into the answer. A promise where its resolver gave one; it is always kept. */
function runRoot(field: RootFieldPlan, execution: Execution, answer: Growing) {
  const { responseName, value, definition } = field;
  const { data, errors } = answer;
  // Now, because the names of an answer stand in the order of the document.
  data[responseName] = value.fixed ?? null;
  answer.bytes += bytesOfField(responseName) + bytesOf(value.fixed);
  if (definition?.resolve === undefined) return undefined;
  const path = { prev: undefined, key: responseName, typename: field.parentType.name };
  const fail = (failure: unknown) => {
    data[responseName] = null;
    errors.push(located(failure, field, path));
  };
  const complete = (settled: unknown) => {
    const before = answer.bytes;
    try {
      data[responseName] = completeValue(value, settled, field, path, answer);
    } catch (failure) {
      answer.bytes = before;
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
function completeValue(plan: ValuePlan, value: unknown, field: FieldPlan, path: Path, answer: Growing): unknown {
  if (value instanceof Error) throw value;
  if (value === null || value === undefined) {
    if (!plan.nonNull) return null;
    throw new Error(`Cannot return null for non-nullable field ${field.parentType.name}.${field.fieldName}.`);
  }
  if (plan.leaf !== undefined) {
    const leaf = plan.leaf.serialize(value);
    if (typeof leaf === 'string') answer.bytes += leaf.length;
    return leaf;
  }
  if (plan.fields !== undefined) return completeObject(plan.fields, plan.bytes, value as Data, path, answer);
  return completeList(plan.item as ValuePlan, value as readonly unknown[], field, path, answer);
}

function completeObject(
  fields: readonly FieldPlan[],
  bytes: number,
  source: Data,
  path: Path,
  answer: Growing,
): Data | null {
  if (isTooLarge(answer, answer.maxBytes)) return null;
  const data: Data = {};
  for (const field of fields) {
    const { value, responseName, fieldName } = field;
    if (value.fixed !== undefined) {
      data[responseName] = value.fixed;
      continue;
    }
    const inner = value.leaf === undefined ? { prev: path, key: responseName, typename: field.parentType.name } : path;
    const before = answer.bytes;
    try {
      data[responseName] = completeValue(value, source[fieldName], field, inner, answer);
    } catch (failure) {
      answer.bytes = before;
      const at = value.leaf === undefined ? inner : { prev: path, key: responseName, typename: field.parentType.name };
      const error = located(failure, field, at);
      if (value.nonNull) throw error;
      answer.errors.push(error);
      data[responseName] = null;
    }
  }
  // Last, because an object that fails adds nothing.
  answer.bytes += bytes;
  return data;
}

function completeList(
  item: ValuePlan,
  values: readonly unknown[],
  field: FieldPlan,
  path: Path,
  answer: Growing,
): unknown[] {
  return values.map((value, key) => {
    if (isTooLarge(answer, answer.maxBytes)) return null;
    const at = { prev: path, key, typename: undefined };
    const before = answer.bytes;
    try {
      return completeValue(item, value, field, at, answer);
    } catch (failure) {
      answer.bytes = before;
      const error = located(failure, field, at);
      if (item.nonNull) throw error;
      answer.errors.push(error);
      return null;
    }
  });
}

function located(failure: unknown, field: FieldPlan, path: Path): GraphQLError {
  const keys: (string | number)[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.prev) keys.unshift(at.key);
  return locatedError(failure, field.nodes, keys);
}
