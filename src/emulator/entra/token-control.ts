import type { FastifyInstance } from 'fastify';
import { controlBody } from '../control/control-body.ts';
import { type Member, problemWith } from '../control/members.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { MintOptions } from './caller-token.ts';
import type { EntraEmulator } from './entra-emulator.ts';

/** Serves `POST /_emulator/token`: a caller's token for whoever asks. */
export function addTokenControl(control: FastifyInstance, entra: Pick<EntraEmulator, 'mintToken'>): void {
  control.post('/token', (request, reply) => {
    const options = controlBody(request.body, {});
    const problem = isJsonObject(options)
      ? problemWith(options, MEMBERS, 'the token')
      : 'expected a JSON object of token options, or nothing';
    if (problem !== undefined) return reply.code(400).send({ error: problem });
    return reply.send({ access_token: entra.mintToken(options as JsonObject & MintOptions) });
  });
}

const text: Member = { check: (value) => typeof value === 'string', expected: 'text' };
const seconds: Member = { check: (value) => Number.isFinite(value), expected: 'Unix seconds' };
const object: Member = { check: isJsonObject, expected: 'an object' };
const texts: Member = {
  check: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  expected: 'a list of texts',
};

const MEMBERS: Readonly<Record<keyof MintOptions, Member>> = {
  oid: text,
  name: text,
  scp: text,
  exp: seconds,
  aud: text,
  acrs: texts,
  tid: text,
  iss: text,
  ver: { check: (value) => value === '1.0' || value === '2.0', expected: '"1.0" or "2.0"' },
  azp: text,
  nbf: seconds,
  iat: seconds,
  header: object,
  claims: object,
  omit: texts,
};
