import { isJsonObject, type JsonObject, parseJson } from '../json.ts';

/** A token taken apart; nothing in it is proved yet. */
export interface UnverifiedJws {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** Takes a compact JWS apart, or answers undefined when it is none. */
export function readJws(token: string): UnverifiedJws | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  const [header, claims] = parts.slice(0, 2).map((part) => parseJson(Buffer.from(part, 'base64url').toString('utf8')));
  return isJsonObject(header) && isJsonObject(claims) ? { header, claims } : undefined;
}

/** A claim that must be text. */
export const textClaim = (claims: JsonObject, name: string): string | undefined => {
  const value = claims[name];
  return typeof value === 'string' ? value : undefined;
};

/** Clocks differ, and some libraries round `nbf` up to the next second. */
const NOT_BEFORE_TOLERANCE_SECONDS = 300;

/** Whether `nowSeconds` lies between `nbf`, when there is one, and `exp`, which must be there and gets no tolerance. */
export function isWithinValidity({ nbf, exp }: JsonObject, nowSeconds: number): boolean {
  const isEarly = typeof nbf === 'number' && nowSeconds < nbf - NOT_BEFORE_TOLERANCE_SECONDS;
  return !isEarly && typeof exp === 'number' && nowSeconds < exp;
}
