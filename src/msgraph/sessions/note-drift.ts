import type { GraphDrift } from '../../observability/telemetry/graph-drift.ts';
import { GRAPH_PROPERTIES, SESSION_TYPE } from './session-properties.ts';
import { unknownMembers } from './session-type.ts';

/** A Set, because each name of each object is looked up in it. */
const KNOWN: ReadonlySet<string> = new Set([...GRAPH_PROPERTIES, 'id', '@odata.type', '@odata.context']);

/**
 * Notes how Graph's object differs from what this gateway knows of its type. Of an object that differs in nothing it
 * looks at the names and no more: what each value came to, the parser says.
 * @param value Graph's object
 * @param hasUnknownKind whether the parser met a kind of session that it does not know
 */
export function noteDrift(drift: GraphDrift, value: Readonly<Record<string, unknown>>, hasUnknownKind: boolean): void {
  for (const name in value) {
    if (!KNOWN.has(name) && !name.includes('@')) drift.note('unknown_property', name);
  }
  if (hasUnknownKind) for (const name of unknownMembers(value.sessionType)) drift.note('unknown_member', name);
  const type = value['@odata.type'];
  if (type === undefined) drift.note('missing_annotation', '@odata.type');
  else if (type !== `#${SESSION_TYPE}`) drift.note('wrong_type', '@odata.type');
}
