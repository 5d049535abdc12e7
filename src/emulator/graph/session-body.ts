import { isJsonObject, type JsonObject } from '../json.ts';
import { type EdmType, readProperty, SESSION_TYPE } from './session-properties.ts';

/** The properties that a create or update sets, or why its body is refused. */
export function readSessionBody(
  body: unknown,
  properties: ReadonlyMap<string, EdmType>,
): { values: JsonObject } | { problem: string } {
  if (!isJsonObject(body)) {
    return {
      problem:
        'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    };
  }
  const values: JsonObject = {};
  for (const [name, given] of Object.entries(body)) {
    if (name === '@odata.type') {
      if (given === `#${SESSION_TYPE}`) continue;
      return {
        problem: `A type named '${String(given)}' could not be resolved by the model or is not compatible with '${SESSION_TYPE}'.`,
      };
    }
    if (name.includes('@')) continue; // OData: annotations that a service does not know are ignored
    const type = properties.get(name);
    if (type === undefined) {
      return {
        problem: `The property '${name}' does not exist on type '${SESSION_TYPE}'. Make sure to only use property names that are defined by the type.`,
      };
    }
    const read = readProperty(given, type);
    if ('problem' in read) return read;
    values[name] = read.value;
  }
  return { values };
}
