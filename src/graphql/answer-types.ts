import { LRUCache } from 'lru-cache';
import type { GraphQLHttpAnswer, GraphQLHttpRequest } from './graphql-http.ts';

/** The media types that Apollo chose for the `Accept` headers it has seen: negotiation is its own, once for each. */
export interface AnswerTypes {
  /** Undefined for a header that Apollo has not seen yet. */
  of(request: GraphQLHttpRequest): string | undefined;
  learn(request: GraphQLHttpRequest, answer: GraphQLHttpAnswer): void;
}

/** There are a few for each kind of client. */
const MAX_HEADERS = 200;
const MAX_LENGTH = 256;

export function createAnswerTypes(): AnswerTypes {
  const types = new LRUCache<string, string>({ max: MAX_HEADERS });
  return {
    of: (request) => types.get(keyOf(request)),
    learn(request, { status, headers }) {
      const type = headers['content-type'];
      const key = keyOf(request);
      // Of an answer that is not 200 the type may be the one for all that is not acceptable.
      if (status !== 200 || type === undefined || !/^application\//.test(type)) return;
      if (key.length <= MAX_LENGTH && !types.has(key)) types.set(key, type);
    },
  };
}

/** A GET that accepts HTML may be asked by a browser for a page. */
function keyOf({ method, headers }: GraphQLHttpRequest): string {
  return `${method} ${headers.accept ?? ''}`;
}
