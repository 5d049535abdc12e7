import { type DocumentNode, GraphQLError, parse, stripIgnoredCharacters } from 'graphql';
import { LRUCache } from 'lru-cache';
import { documentLimitError, parseLimits, tooMuch } from './document-limits.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** Lets documents in before Apollo sees them: the costly part of validation must not begin on a hostile one. */
export interface DocumentGate {
  /**
   * @throws GraphQLError GRAPHQL_VALIDATION_FAILED over a limit, GRAPHQL_PARSE_FAILED for text that is not GraphQL,
   * BAD_REQUEST for a document that is not on the list of trusted ones
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
      // Apollo has better words for no text than its parser.
      if (text === '' || admitted.has(text)) return;
      if (trusted !== undefined && !trusted.holdsText(text)) throw notTrusted();
      const error = documentLimitError(parsed(text));
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

/** A second parser with other limits could let through what this one refuses, so what fails here ends here. */
function parsed(text: string): DocumentNode {
  try {
    return parse(text, { ...parseLimits, noLocation: true });
  } catch (error) {
    // The parser calls itself for each level, until the stack is full.
    if (!(error instanceof GraphQLError)) throw tooMuch('nesting');
    const { message, source, positions } = error;
    throw new GraphQLError(message, {
      source,
      positions,
      extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400 } },
    });
  }
}

function notTrusted(): GraphQLError {
  return new GraphQLError('This operation is not on the list of trusted documents.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}
