import { readFileSync } from 'node:fs';
import { type DocumentNode, Kind, parse, visit } from 'graphql';

export interface SchemaSource {
  /** `schema.graphql` as it is written. */
  readonly text: string;
  readonly typeDefs: DocumentNode;
  /** The names of the fields that the schema marks @sensitive: the one place that says what is a secret. */
  readonly sensitiveFields: readonly string[];
}

/** Reads schema.graphql, from wherever the process was started. */
export function loadSchemaSource(): SchemaSource {
  const text = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
  const typeDefs = parse(text);
  const sensitive = new Set<string>();
  visit(typeDefs, {
    enter(node) {
      if (node.kind !== Kind.FIELD_DEFINITION && node.kind !== Kind.INPUT_VALUE_DEFINITION) return;
      if (node.directives?.some(({ name }) => name.value === 'sensitive')) sensitive.add(node.name.value);
    },
  });
  return { text, typeDefs, sensitiveFields: [...sensitive] };
}
