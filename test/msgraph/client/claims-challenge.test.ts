import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { claimsOf } from '../../../src/msgraph/client/claims-challenge.ts';

const encoded = (text: string) => Buffer.from(text).toString('base64');
const bearer = (value: string) =>
  `Bearer realm="", authorization_uri="https://x/", error="insufficient_claims", claims="${value}"`;

describe('a claims challenge', () => {
  it('gives back the JSON text that was encoded, padding and all', () => {
    const claims = fc.dictionary(fc.string(), fc.jsonValue()).map((access_token) => JSON.stringify({ access_token }));
    fc.assert(
      fc.property(claims, (text) => {
        expect(claimsOf(bearer(encoded(text)))).toBe(text);
        expect(claimsOf(bearer(Buffer.from(text).toString('base64url')))).toBe(text);
      }),
    );
  });

  test.each([
    ['the first parameter', `Bearer claims="${encoded('{"a":1}')}", error="insufficient_claims"`],
    ['without blanks', `Bearer error="x",claims="${encoded('{"a":1}')}"`],
    ['in the second of two challenges', `Negotiate, ${bearer(encoded('{"a":1}'))}`],
    ['in two challenges of one header', `PoP alg="RS256", ${bearer(encoded('{"a":1}'))}`],
  ])('is found %s', (_place, header) => {
    expect(claimsOf(header)).toBe('{"a":1}');
  });

  test.each([
    ['no header', undefined],
    ['no claims', 'Bearer error="invalid_token"'],
    ['empty claims', bearer('')],
    ['text that is not JSON', bearer(encoded('nonsense'))],
    ['JSON that is no object', bearer(encoded('"text"'))],
    ['null', bearer(encoded('null'))],
    ['claims that are not encoded', 'Bearer claims="{"a":1}"'],
    ['another parameter that ends in the name', `Bearer no_claims="${encoded('{"a":1}')}"`],
  ])('is not found in %s', (_name, header) => {
    expect(claimsOf(header)).toBeUndefined();
  });
});
