import { ACTIONS_TYPE, PROPERTY_TYPES, SESSION_TYPE } from '../msgraph/sessions/session-properties.ts';
import { GRAPH_MEMBERS } from '../msgraph/sessions/session-type.ts';
import type { KnownResource } from './compare.ts';

/** What the gateway knows of its resource, in the words of Graph's metadata: the very tables by which it reads and writes. */
export function knownResource(sessionsPath: string): KnownResource {
  return {
    type: SESSION_TYPE,
    properties: PROPERTY_TYPES,
    enums: { [ACTIONS_TYPE]: GRAPH_MEMBERS },
    path: sessionsPath,
  };
}
