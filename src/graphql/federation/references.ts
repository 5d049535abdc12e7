import type { GraphQLResolveInfo } from 'graphql';
import { GatewayError } from '../../errors.ts';
import type { RemoteHelpSession } from '../../msgraph/sessions/remote-help-session.ts';
import type { RequestContext } from '../context.ts';
import { propertiesSelected, sensitiveSelected } from '../execution/selected-properties.ts';
import { referencedId } from './referenced-id.ts';

/**
 * `Query._entities`: the sessions that other subgraphs refer to, read with everything else of the operation, each once.
 * A reference that makes no sense is the error of its own place; a session that Graph does not find is null.
 */
export function resolveReferences(
  _root: unknown,
  { representations }: { readonly representations: readonly unknown[] },
  { sessions, audit, sensitiveFields }: RequestContext,
  info: GraphQLResolveInfo,
): Promise<(RemoteHelpSession | null | GatewayError)[]> {
  const properties = propertiesSelected(info, 'single', []);
  const read = { action: info.fieldName, fields: sensitiveSelected(info, sensitiveFields, []), several: true };
  return Promise.all(
    representations.map((representation) => {
      const id = referencedId(representation);
      if (id === undefined) return badReference();
      return audit.read({ ...read, id }, sessions.load(id, properties)).catch((failure: unknown) => failure as never);
    }),
  );
}

function badReference(): GatewayError {
  return new GatewayError(
    'BAD_USER_INPUT',
    'A reference must be { "__typename": "RemoteHelpSessionResponse", "id": <text> }.',
  );
}
