import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import {
  insufficientScope,
  interactionRequired,
  invalidToken,
  missingToken,
} from '../../../src/entra/callers/bearer-challenge.ts';

const entra = {
  tenantId: 'tenant',
  clientId: 'client',
  authorityHost: 'https://login.example',
  audiences: ['client'],
  scope: 'access_as_user',
  credential: { kind: 'secret', secret: 'x' },
} as const;

/** RFC 9110: a scheme, then parameters whose values are quoted. */
const wellFormed = /^Bearer( \w+="[\x20\x21\x23-\x5b\x5d-\x7e]*"(, \w+="[\x20\x21\x23-\x5b\x5d-\x7e]*")*)?$/;

it('is bare where no token was presented', () => expect(missingToken).toBe('Bearer'));

test('is one well-formed header line, whatever the text says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(invalidToken(text)).toMatch(wellFormed);
      expect(insufficientScope(text)).toMatch(wellFormed);
      expect(interactionRequired({ ...entra, clientId: text }, text)).toMatch(wellFormed);
    }),
  );
});

test('carries claims in base64 that a client reads back to the same text', () => {
  fc.assert(
    fc.property(fc.json(), (claims) => {
      const encoded = /claims="([^"]*)"/.exec(interactionRequired(entra, claims))?.[1] ?? '';
      expect(Buffer.from(encoded, 'base64').toString()).toBe(claims);
    }),
  );
});

it('says where the user signs in', () => {
  expect(interactionRequired(entra, undefined)).toBe(
    'Bearer authorization_uri="https://login.example/tenant/oauth2/v2.0/authorize", client_id="client", error="interaction_required"',
  );
});
