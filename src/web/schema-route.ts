import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CallerVerifier } from '../entra/callers/verify-caller.ts';

export interface SchemaRouteOptions {
  /** `schema.graphql` as it is written. */
  readonly schemaText: string;
  readonly verifyCaller: CallerVerifier;
  /** True in production: the schema is for callers only. */
  readonly tokenNeeded: boolean;
}

/** `GET /schema.graphql`, for code generation where introspection is off. It may be kept, and must be asked for anew. */
export function registerSchema(
  app: FastifyInstance,
  { schemaText, verifyCaller, tokenNeeded }: SchemaRouteOptions,
): void {
  const etag = `"${hash('sha256', schemaText, 'base64url')}"`;
  app.route({
    method: ['GET', 'HEAD'],
    url: '/schema.graphql',
    onRequest: async (request: FastifyRequest, _reply: FastifyReply) => {
      if (tokenNeeded) await verifyCaller(request.headers.authorization);
    },
    handler: (request, reply) => {
      reply.header('cache-control', 'no-cache').header('etag', etag);
      if (names(request.headers['if-none-match'], etag)) return reply.code(304).send();
      return reply.type('text/plain; charset=utf-8').send(schemaText);
    },
  });
}

/** RFC 9110, 13.1.2: a list of tags or `*`, compared weakly. */
function names(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((each) => {
    const tag = each.trim();
    return tag === '*' || tag.replace(/^W\//, '') === etag;
  });
}
