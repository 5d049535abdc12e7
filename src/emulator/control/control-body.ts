import { parseJson } from '../json.ts';

/** What stands for a body that is no JSON: no JSON value is a symbol. */
export const NO_JSON = Symbol('no JSON');

/** A control request's body, parsed: the servers read every body as text, whatever its content type. */
export function controlBody(body: unknown, whenEmpty: unknown): unknown {
  if (typeof body !== 'string' || body.trim() === '') return whenEmpty;
  const value = parseJson(body);
  return value === undefined ? NO_JSON : value;
}
