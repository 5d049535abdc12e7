import { type DocumentNode, GraphQLError, parse, stripIgnoredCharacters } from 'graphql';
import { LRUCache } from 'lru-cache';
import { documentLimitErrors, documentLimits } from './document-limits.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** Lets documents in before Apollo sees them: the costly part of validation must not begin on a hostile one. */
export interface DocumentGate {
  /**
   * @throws GraphQLError GRAPHQL_VALIDATION_FAILED over a limit, BAD_REQUEST for a document that is not on the list of
   * trusted ones. Text that is not GraphQL passes: Apollo says what is wrong with it.
   */
  admit(text: string): void;
}

/** Characters of admitted documents that are remembered: thousands of ordinary ones. */
const REMEMBERED_CHARACTERS = 8 * 1024 * 1024;

export function createDocumentGate(trusted: TrustedDocuments | undefined): DocumentGate {
  const admitted = new LRUCache<string, true>({
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: (_, text) => text.length + 1,
  });
  return {
    admit(text) {
      if (admitted.has(text)) return;
      if (trusted !== undefined && !trusted.holdsText(text)) throw notTrusted();
      const document = parsed(text);
      if (document === undefined) return;
      const [error] = documentLimitErrors(document);
      if (error !== undefined) throw error;
      admitted.set(text, true);
    },
  };
}

/** The form in which documents are compared: insignificant characters do not count. */
export function comparable(text: string): string | undefined {
  try {
    return stripIgnoredCharacters(text);
  } catch {
    return undefined;
  }
}

function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text, { maxTokens: documentLimits.tokens, noLocation: true });
  } catch {
    return undefined;
  }
}

function notTrusted(): GraphQLError {
  return new GraphQLError('This operation is not on the list of trusted documents.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}
