import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { acceptsHtml } from './accepts-html.ts';

type Strategy = Parameters<FastifyInstance['addConstraintStrategy']>[0];
type Handler = Parameters<ReturnType<Strategy['storage']>['set']>[1];

/** The name under which a route says that it is for browsers; one at the same address without it gets the rest. */
export const PAGE = 'page';

/** How the router tells a browser that asks for a page. */
export function pageStrategy(): Strategy {
  return {
    name: PAGE,
    storage() {
      const handlers = new Map<unknown, Handler>();
      return {
        get: (wanted) => handlers.get(wanted) ?? null,
        set: (wanted, handler) => void handlers.set(wanted, handler),
      };
    },
    deriveConstraint: ({ headers }: IncomingMessage) => (acceptsHtml(headers.accept) ? true : undefined),
  };
}
