import type { FastifyInstance } from 'fastify';
import { ASSETS_PATH, type Assets, type Encoding } from './assets.ts';
import { MissingPackage } from './development-packages.ts';

/** Serves the page's files: compressed, with an ETag, to be kept for ever. */
export function registerAssets(app: FastifyInstance, assets: Assets): void {
  app.get<{ Params: { folder: string; file: string } }>(`${ASSETS_PATH}/:folder/:file`, async (request, reply) => {
    const { folder, file } = request.params;
    const encoding = encodingFor(request.headers['accept-encoding']);
    const asset = await assets.find(folder, file, encoding).catch((failure: unknown) => {
      if (failure instanceof MissingPackage) return failure;
      throw failure;
    });
    if (asset === undefined) return reply.callNotFound();
    if (asset instanceof MissingPackage) {
      return reply.code(404).type('text/plain; charset=utf-8').send(`${asset.message}\n`);
    }
    reply.headers({
      etag: asset.etag,
      vary: 'accept-encoding',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    if (request.headers['if-none-match']?.includes(asset.etag)) return reply.code(304).send();
    if (encoding !== 'identity') reply.header('content-encoding', encoding);
    return reply.type(asset.type).send(asset.body);
  });
}

/** Browsers name what they take without weights. */
export function encodingFor(accepted: string | string[] | undefined): Encoding {
  const names = String(accepted ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  return (['br', 'gzip'] as const).find((encoding) => names.includes(encoding)) ?? 'identity';
}
