import type { FastifyInstance } from 'fastify';
import { jsonBody } from '../control-surface.ts';
import { isJsonObject } from '../json.ts';
import type { MintOptions } from './caller-token.ts';
import type { EntraEmulator } from './entra-emulator.ts';

/** Serves `POST /_emulator/token`: a caller's token for whoever asks. */
export function addTokenControl(app: FastifyInstance, entra: Pick<EntraEmulator, 'mintToken'>): void {
  app.post('/_emulator/token', (request, reply) => {
    const options = jsonBody(request.body);
    if (!isJsonObject(options)) return reply.code(400).send({ error: 'a JSON object of token options is needed' });
    return reply.send({ access_token: entra.mintToken(options as MintOptions) });
  });
}
