import { createRequire } from 'node:module';

/** A package that a production install does not have. */
export class MissingPackage extends Error {
  override readonly name = 'MissingPackage';
}

const require = createRequire(import.meta.url);

/** Speaks OpenID Connect. @throws MissingPackage */
export const openidClient = (): typeof import('openid-client') => load('openid-client');

/** GraphiQL's files as strings. @throws MissingPackage */
export const graphiqlPackage = (): typeof import('@graphql-yoga/render-graphiql/graphiql') =>
  load('@graphql-yoga/render-graphiql/graphiql');

/** The version of GraphiQL's package, without loading its 9 MB. @throws MissingPackage */
export const graphiqlVersion = (): string =>
  (load('@graphql-yoga/render-graphiql/package.json') as { version: string }).version;

/** On first use, so that a start without a look at the explorer costs nothing, and an install without it runs. */
function load<Package>(name: string): Package {
  try {
    return require(name);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    const owner = name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/');
    throw new MissingPackage(
      `${owner} is not installed: the explorer needs the development dependencies (npm ci without --omit=dev).`,
      { cause },
    );
  }
}
