import type { FastifyInstance } from 'fastify';

/**
 * Has bodies read as JSON and nothing else: Apollo's rule against forged requests lets text/plain pass when there is a
 * token, so it is not read at all.
 */
export function readJsonBodies(app: FastifyInstance): void {
  // Refuses names that would change an object's prototype. The looking for them costs more than the parsing.
  const careful = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '' || MAY_NAME_A_PROTOTYPE.test(body)) return careful(request, body, done);
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      return careful(request, body, done);
    }
    done(null, value);
  });
}

/** `__proto__` and `prototype`, also where a letter of them is written as `\\uXXXX`. */
const MAY_NAME_A_PROTOTYPE = /proto|\\u/;
