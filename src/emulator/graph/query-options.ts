import { type EdmType, SESSION_TYPE } from './session-properties.ts';

/** The query options of a read. */
export interface QueryOptions {
  /** undefined: everything. */
  readonly select: readonly string[] | undefined;
  readonly top: number | undefined;
  /** How many of the list lie before this page. */
  readonly skip: number;
}

const KNOWN = ['$top', '$select', '$skiptoken'];
const MOST_TOP = 999;

/** Reads `$select`, `$top` and `$skiptoken`, or says why Graph refuses them. */
export function readQueryOptions(
  query: URLSearchParams,
  { properties, idInList }: { properties: ReadonlyMap<string, EdmType>; idInList: boolean },
): QueryOptions | { problem: string } {
  for (const name of query.keys()) {
    if (!name.startsWith('$') || KNOWN.includes(name)) continue;
    return {
      problem: `Query option '${name.slice(1)}' is not allowed. To allow it, set the 'AllowedQueryOptions' property on EnableQueryAttribute or QueryValidationSettings.`,
    };
  }
  const selected = query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  const unknown = selected?.find((name) => name !== '*' && !properties.has(name) && !(idInList && name === 'id'));
  if (unknown !== undefined) {
    return {
      problem: `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type '${SESSION_TYPE}'.`,
    };
  }
  const top = query.get('$top');
  if (top !== null && !(/^\d{1,9}$/.test(top) && Number(top) >= 1 && Number(top) <= MOST_TOP)) {
    return { problem: `Invalid page size specified: '${top}'. Must be between 1 and ${MOST_TOP} inclusive.` };
  }
  const skiptoken = query.get('$skiptoken');
  const skip = skiptoken === null ? 0 : readSkipToken(skiptoken);
  if (skip === undefined) return { problem: 'Badly formed content: the skip token is not valid.' };
  return { select: selected?.includes('*') ? undefined : selected, top: top === null ? undefined : Number(top), skip };
}

/** Opaque to clients, as Graph's are. */
export const skipToken = (skip: number): string => Buffer.from(`RemoteHelp:${skip}`).toString('base64url');

function readSkipToken(token: string): number | undefined {
  const skip = /^RemoteHelp:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  return skip === undefined ? undefined : Number(skip);
}
