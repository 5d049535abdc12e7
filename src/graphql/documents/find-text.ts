import { GraphQLError } from 'graphql';
import type { PersistedQueryCache } from './persisted-queries.ts';
import { isRecord, persistedQueryOf, type RequestParameters } from './request-parameters.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/**
 * The text that a request means, whether it brings it or an id that stands for it.
 * @returns undefined where it is Apollo's to say: no text, a text to be learnt, a hash that is not known yet
 * @throws GraphQLError BAD_REQUEST for an id that is not on the list of trusted documents
 */
export type FindText = (parameters: RequestParameters) => string | undefined;

/** Any client may teach a text and then send its hash alone. */
export function findPersistedText(persisted: Pick<PersistedQueryCache, 'textOf'>): FindText {
  return (parameters) => {
    const { query } = parameters;
    const asked = persistedQueryOf(parameters);
    // What is absent here Apollo takes for absent; of all else it looks at the hash and the version.
    if (asked === undefined) return typeof query === 'string' ? query : undefined;
    if ((query !== undefined && query !== null) || !isRecord(asked) || asked.version !== 1) return undefined;
    return typeof asked.sha256Hash === 'string' ? persisted.textOf(asked.sha256Hash) : undefined;
  };
}

/**
 * Where only trusted documents run, an id stands for its text: `documentId`, or the hash of a persisted query. Beside a
 * text it is of no use.
 */
export function findTrustedText(trusted: TrustedDocuments): FindText {
  return (parameters) => {
    const { query, documentId } = parameters;
    if (typeof query === 'string' && query !== '') return query;
    const asked = persistedQueryOf(parameters);
    const id = documentId ?? (isRecord(asked) ? asked.sha256Hash : undefined);
    if (id === undefined || id === null) return undefined;
    const text = typeof id === 'string' ? trusted.textOf(id) : undefined;
    if (text === undefined) throw unknownId();
    return text;
  };
}

function unknownId(): GraphQLError {
  return new GraphQLError('The id of this operation is unknown: it is not on the list of trusted documents.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}
