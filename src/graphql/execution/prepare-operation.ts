import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { rootFields } from '../documents/root-fields.ts';
import { type OperationPlan, planOperation } from './plan-operation.ts';
import { planVariables, type VariablesPlan } from './plan-variables.ts';
import { mayRequestTooMany } from './requested-values.ts';

/** An operation that Apollo has let in, with all that can be said about it before its variables are known. */
export interface PreparedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** For logs and traces: the client chooses it, and may choose a long one. */
  readonly name: string | undefined;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Whether it asks for nothing but the schema, which needs no token outside production. */
  readonly isIntrospection: boolean;
  /** Whether `@include` or `@skip` is in it. */
  readonly isConditional: boolean;
  /** Whether it can name so many ids that its variables must be counted. */
  readonly namesManyIds: boolean;
  /** Whether it can ask for so many values that they must be counted. */
  readonly requestsMuch: boolean;
  readonly takeVariables: VariablesPlan;
  /** Undefined where graphql-js itself must execute. */
  readonly plan: OperationPlan | undefined;
}

const MAX_NAME_LENGTH = 128;
/** Fields that take any number of ids. The second is federation's. */
const TAKES_A_LIST = new Set(['remoteHelpSessionResponsesById', '_entities']);
/** Fewer reads of one session than this cannot name too many ids. */
const MANY_READS = 200;

/** Prepares an operation of a document that was validated. What other operations of the document hold does not count. */
export function prepareOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): PreparedOperation {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  let isConditional = false;
  let reads = 0;
  const opened = new Set<string>();
  const look = (definition: OperationDefinitionNode | FragmentDefinitionNode) => {
    visit(definition, {
      Field({ name }) {
        if (name.value === 'remoteHelpSessionResponse') reads += 1;
        if (TAKES_A_LIST.has(name.value)) reads = Number.POSITIVE_INFINITY;
      },
      Directive() {
        isConditional = true;
      },
      FragmentSpread({ name }) {
        const fragment = fragments[name.value];
        if (fragment === undefined || opened.has(name.value)) return;
        opened.add(name.value);
        look(fragment);
      },
    });
  };
  look(operation);
  return {
    schema,
    document,
    operation,
    name: operation.name?.value.slice(0, MAX_NAME_LENGTH),
    fragments,
    isIntrospection: rootFields(operation, (name) => fragments[name]).every(({ name }) => name.value.startsWith('__')),
    isConditional,
    namesManyIds: reads > MANY_READS,
    requestsMuch: mayRequestTooMany(operation, schema, fragments),
    takeVariables: planVariables(schema, operation),
    plan: isConditional ? undefined : planOperation(schema, operation, fragments),
  };
}
