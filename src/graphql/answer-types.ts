import { LRUCache } from 'lru-cache';
import type { GraphQLHttpAnswer, GraphQLHttpRequest } from './graphql-http.ts';

/** The media types that Apollo chose for the `Accept` headers it has seen: negotiation is its own, once for each. */
export interface AnswerTypes {
  /** The headers of an answer; undefined for an `Accept` that Apollo has not seen yet. */
  of(request: GraphQLHttpRequest): AnswerHeaders | undefined;
  learn(request: GraphQLHttpRequest, answer: GraphQLHttpAnswer): void;
}

export type AnswerHeaders = GraphQLHttpAnswer['headers'];

/** There are a few for each kind of client. */
const MAX_HEADERS = 200;
const MAX_LENGTH = 256;

export function createAnswerTypes(): AnswerTypes {
  const posts = new LRUCache<string, AnswerHeaders>({ max: MAX_HEADERS });
  // Apart, because a GET that accepts HTML may be a browser's, and ask for a page.
  const gets = new LRUCache<string, AnswerHeaders>({ max: MAX_HEADERS });
  const typesOf = (method: string) => (method === 'POST' ? posts : gets);
  return {
    of: ({ method, headers }) => typesOf(method).get(headers.accept ?? ''),
    learn({ method, headers: { accept = '' } }, { status, headers }) {
      const types = typesOf(method);
      const type = headers['content-type'];
      // Of an answer that is not 200 the type may be the one for all that is not acceptable.
      if (status !== 200 || type === undefined || !type.startsWith('application/')) return;
      if (accept.length <= MAX_LENGTH && !types.has(accept)) types.set(accept, { 'content-type': type });
    },
  };
}
