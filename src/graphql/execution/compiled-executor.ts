import { type DocumentNode, type ExecutionResult, type GraphQLSchema, Kind, visit } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { RequestContext } from '../context.ts';

/**
 * Executes a document that is used often with code compiled for it, which answers what graphql-js would.
 * @returns undefined where graphql-js must execute: a document that is new, that cannot be compiled, or whose variables
 * are wrong (graphql-js then says so in its own words; nothing has run)
 */
export type CompiledExecutor = (
  document: DocumentNode,
  context: RequestContext,
  variables: Readonly<Record<string, unknown>> | undefined,
) => Promise<ExecutionResult> | ExecutionResult | undefined;

/** Compiling takes 0.5 ms for one read and 30 ms for a hundred aliases: a stream of new documents must not buy it. */
const USES_BEFORE_COMPILING = 8;
/** Characters of the documents whose code is kept; the code is some fifty times as large. */
const COMPILED_CHARACTERS = 512 * 1024;

type Execute = (root: unknown, context: unknown, variables: unknown) => Promise<ExecutionResult> | ExecutionResult;

export function createCompiledExecutor(schema: GraphQLSchema): CompiledExecutor {
  const uses = new WeakMap<DocumentNode, number>();
  const compiled = new LRUCache<DocumentNode, Execute>({
    maxSize: COMPILED_CHARACTERS,
    sizeCalculation: (_, document) => document.loc?.source.body.length ?? COMPILED_CHARACTERS,
  });

  // Loaded when the first document is worth it: a start has no use for it.
  let compiler: Promise<typeof import('graphql-jit')> | undefined;

  return (document, context, variables) => {
    const execute = compiled.get(document);
    if (execute === undefined) {
      countUse(document);
      return undefined;
    }
    const result = execute(undefined, context, variables);
    return result instanceof Promise ? result : ranAtAll(result);
  };

  /** Compiles exactly once: what was evicted, or cannot be compiled, is not tried again and again. */
  function countUse(document: DocumentNode): void {
    const count = (uses.get(document) ?? 0) + 1;
    uses.set(document, count);
    if (count !== USES_BEFORE_COMPILING || !isCompilable(document)) return;
    compiler ??= import('graphql-jit');
    void compiler.then(({ compileQuery, isCompiledQuery }) => {
      const query = compileQuery(schema, document);
      if (isCompiledQuery(query)) compiled.set(document, query.query as Execute);
    });
  }
}

/** A result without `data` is a refusal of the variables. */
function ranAtAll(result: ExecutionResult): ExecutionResult | undefined {
  return 'data' in result ? result : undefined;
}

/**
 * Whether compiled code answers what graphql-js would. Queries only: after a failed update graphql-js sends none of those
 * behind it and compiled code would, and what it leaves behind of an update costs more to collect than it saves. Which
 * of several operations is meant is not known before the request. A variable that was left out inside a list or an
 * object would become null, and a null would pass in the place of a default where null may not be.
 */
function isCompilable(document: DocumentNode): boolean {
  let operations = 0;
  let compilable = true;
  visit(document, {
    OperationDefinition({ operation }) {
      operations += 1;
      if (operation !== 'query') compilable = false;
    },
    VariableDefinition({ type, defaultValue }) {
      if (defaultValue !== undefined && type.kind !== Kind.NON_NULL_TYPE) compilable = false;
    },
    Variable(_node, _key, parent) {
      const isWhole = parent !== undefined && 'kind' in parent && WHOLE_VALUES.has(parent.kind);
      if (!isWhole) compilable = false;
    },
  });
  return operations === 1 && compilable;
}

/** Where a variable is a value of its own, and no part of a list or an object. */
const WHOLE_VALUES = new Set<Kind>([Kind.ARGUMENT, Kind.VARIABLE_DEFINITION]);
