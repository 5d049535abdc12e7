import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { type GraphProperty, selectedProperties } from '../../msgraph/remote-help-session.ts';
import { type Selections, selectedFields } from './selected-fields.ts';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/** What was worked out for fields without `@include` and `@skip`: it is the same each time a document is executed. */
const fixed = new WeakMap<FieldNode, readonly GraphProperty[]>();

/**
 * The properties to ask Graph for, from what the operation selects of a field.
 * @param paths where sessions are below the field, each as field names to follow down
 */
export function propertiesSelected(
  info: Info,
  form: 'single' | 'list',
  ...paths: readonly (readonly string[])[]
): readonly GraphProperty[] {
  const [node] = info.fieldNodes;
  const single = info.fieldNodes.length === 1 ? node : undefined;
  const known = single === undefined ? undefined : fixed.get(single);
  if (known !== undefined) return known;
  const fields = paths.flatMap((path) => [...selectedFields(info.fieldNodes, path, info)]);
  const properties = selectedProperties(fields, form);
  if (single !== undefined && isUnconditional(single.selectionSet, info)) fixed.set(single, properties);
  return properties;
}

const fixedSecrets = new WeakMap<FieldNode, readonly string[]>();

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
  const [node] = info.fieldNodes;
  const single = info.fieldNodes.length === 1 ? node : undefined;
  const known = single === undefined ? undefined : fixedSecrets.get(single);
  if (known !== undefined) return known;
  const fields = new Set(paths.flatMap((path) => [...selectedFields(info.fieldNodes, path, info)]));
  const secrets = sensitive.filter((name) => fields.has(name));
  if (single !== undefined && isUnconditional(single.selectionSet, info)) fixedSecrets.set(single, secrets);
  return secrets;
}

function isUnconditional(set: SelectionSetNode | undefined, info: Selections): boolean {
  return (set?.selections ?? []).every((selection) => {
    if (selection.directives !== undefined && selection.directives.length > 0) return false;
    const inner = 'selectionSet' in selection ? selection : info.fragments[selection.name.value];
    return isUnconditional(inner?.selectionSet, info);
  });
}
