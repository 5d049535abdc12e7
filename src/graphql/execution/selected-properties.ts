import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { selectedProperties } from '../../msgraph/sessions/remote-help-session.ts';
import type { GraphProperty } from '../../msgraph/sessions/session-properties.ts';
import { selectedFields } from './selected-fields.ts';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/**
 * What was worked out for the nodes of a field. graphql-js makes a new list of them for each execution; a plan keeps its
 * lists, and holds no `@include` and `@skip`, so that they come to the same each time.
 */
const workedOut = new WeakMap<readonly FieldNode[], readonly GraphProperty[]>();

/**
 * The properties to ask Graph for, from what the operation selects of a field.
 * @param paths where sessions are below the field, each as field names to follow down
 */
export function propertiesSelected(
  info: Info,
  form: 'single' | 'list',
  ...paths: readonly (readonly string[])[]
): readonly GraphProperty[] {
  const known = workedOut.get(info.fieldNodes);
  if (known !== undefined) return known;
  const fields = paths.flatMap((path) => [...selectedFields(info.fieldNodes, path, info)]);
  const properties = selectedProperties(fields, form);
  workedOut.set(info.fieldNodes, properties);
  return properties;
}

const secretsWorkedOut = new WeakMap<readonly FieldNode[], readonly string[]>();

/**
 * The fields of a session that an operation selects and that are secrets.
 * @param sensitive the names of all of them, from the schema; the same for the whole process
 * @param paths where sessions are below the field, each as field names to follow down
 */
export function sensitiveSelected(
  info: Info,
  sensitive: readonly string[],
  ...paths: readonly (readonly string[])[]
): readonly string[] {
  const known = secretsWorkedOut.get(info.fieldNodes);
  if (known !== undefined) return known;
  const fields = new Set(paths.flatMap((path) => [...selectedFields(info.fieldNodes, path, info)]));
  const secrets = sensitive.filter((name) => fields.has(name));
  secretsWorkedOut.set(info.fieldNodes, secrets);
  return secrets;
}
