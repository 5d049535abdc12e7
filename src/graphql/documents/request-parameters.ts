import type { GraphQLHttpRequest } from '../graphql-http.ts';

/** Parameters of a GraphQL request as they came, from the body or the query string. */
export interface RequestParameters {
  /** Whether they are well formed as a whole. Where they are not, Apollo says why. */
  readonly wellFormed: boolean;
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
}

const NAMES = ['query', 'documentId', 'operationName', 'variables', 'extensions'] as const;

export function readParameters({ method, url, body }: GraphQLHttpRequest): RequestParameters {
  if (method !== 'POST') return readSearch(new URLSearchParams(searchOf(url)));
  if (!isRecord(body)) return { wellFormed: false };
  const { query, documentId, operationName, variables, extensions } = body;
  const wellFormed = isRecordOrAbsent(variables) && isRecordOrAbsent(extensions);
  return { wellFormed, query, documentId, operationName, variables, extensions };
}

/** The query string of an address with its question mark; empty without one. */
export function searchOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start);
}

/** The extension of persisted queries, whatever it holds. */
export function persistedQueryOf({ extensions }: RequestParameters): unknown {
  return isRecord(extensions) ? extensions.persistedQuery : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readSearch(search: URLSearchParams): RequestParameters {
  const parameters: Record<string, unknown> = {};
  let wellFormed = true;
  for (const name of NAMES) {
    const [text, ...more] = search.getAll(name);
    if (text === undefined) continue;
    const isJson = name === 'variables' || name === 'extensions';
    const value = isJson ? parseJson(text) : text;
    if (more.length > 0 || (isJson && !isRecord(value))) wellFormed = false;
    parameters[name] = value;
  }
  return { ...parameters, wellFormed };
}

function isRecordOrAbsent(value: unknown): boolean {
  return value === undefined || value === null || isRecord(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
