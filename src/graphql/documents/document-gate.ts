import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { documentLimitError, hasTooManyLines, isTooLarge, parseLimits, tooMuch } from './document-limits.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** Lets documents in before Apollo sees them: the costly part of validation must not begin on a hostile one. */
export interface DocumentGate {
  /**
   * @throws GraphQLError GRAPHQL_VALIDATION_FAILED over a limit, GRAPHQL_PARSE_FAILED for text that is not GraphQL,
   * BAD_REQUEST for a document that is not on the list of trusted ones
   */
  admit(text: string): void;
}

export function createDocumentGate(trusted: TrustedDocuments | undefined): DocumentGate {
  return {
    admit(text) {
      // Apollo has better words for no text than its parser.
      if (text === '') return;
      if (isTooLarge(text)) throw tooMuch('bytes');
      if (hasTooManyLines(text)) throw tooMuch('lines');
      const document = trusted === undefined ? parsed(text) : parsedOrNotTrusted(text);
      const error = documentLimitError(document);
      if (error !== undefined) throw error;
      if (trusted !== undefined && !trusted.holds(document)) throw notTrusted();
    },
  };
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

function parsedOrNotTrusted(text: string): DocumentNode {
  try {
    return parsed(text);
  } catch {
    throw notTrusted();
  }
}

function notTrusted(): GraphQLError {
  return new GraphQLError('This operation is not on the list of trusted documents.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}
