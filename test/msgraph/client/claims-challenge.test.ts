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
    ['in the first of two challenges', `${bearer(encoded('{"a":1}'))}, Basic realm="x"`],
    ['behind a token of another scheme', `Negotiate abc==, ${bearer(encoded('{"a":1}'))}`],
    ['behind claims that make no sense', `Bearer claims="%%%", ${bearer(encoded('{"a":1}'))}`],
    ['with its name in capitals', `BEARER ERROR="x", CLAIMS="${encoded('{"a":1}')}"`],
    ['with its name in mixed letters', `Bearer Claims="${encoded('{"a":1}')}"`],
    ['with blanks around the equals sign', `Bearer error = "x", claims = "${encoded('{"a":1}')}"`],
    ['with tabs around the equals sign', `Bearer claims\t=\t"${encoded('{"a":1}')}"`],
    ['without quotes', `Bearer claims=${encoded('{"a":1}')}, error=insufficient_claims`],
    ['without quotes and padding', `bearer error=x,claims=${encoded('{"a":1}').replace(/=+$/, '')}`],
    ['with quoted pairs', `Bearer claims="${encoded('{"a":1}').replace(/./g, '\\$&')}"`],
    ['behind a quoted comma', `Bearer realm="a, b", claims="${encoded('{"a":1}')}"`],
    ['behind a quoted pair', `Bearer realm="a\\", claims=\\"", claims="${encoded('{"a":1}')}"`],
    ['behind the same in the text of another', `Bearer realm="claims=${encoded('7')}",claims="${encoded('{"a":1}')}"`],
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
    ['JSON that is a list', bearer(encoded('[{"a":1}]'))],
    ['the text of another parameter', `Bearer realm="x, claims=${encoded('{"a":1}')}"`],
    ['the text of another parameter, in quotes', `Bearer realm="x, claims=\\"${encoded('{"a":1}')}\\""`],
    ['a quoted text without an end', `Bearer claims="${encoded('{"a":1}')}`],
    ['another parameter that begins with the name', `Bearer claims2="${encoded('{"a":1}')}"`],
    ['another parameter that ends in the name', `Bearer no_claims="${encoded('{"a":1}')}"`],
  ])('is not found in %s', (_name, header) => {
    expect(claimsOf(header)).toBeUndefined();
  });
});
