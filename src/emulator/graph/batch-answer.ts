import type { Answer } from '../http/outcome.ts';
import type { JsonObject } from '../json.ts';
import type { GraphSettings } from './graph-settings.ts';

/** The envelope's answer. Entries come back in reverse: Graph promises no order, and clients must not hope for one. */
export function batchBody(
  answers: readonly { id: string; answer: Answer }[],
  headerCase: GraphSettings['entryHeaderCase'],
): JsonObject {
  const responses = answers.map(({ id, answer: { status, headers, body } }, index) => ({
    id,
    status,
    headers: respelt(headers, headerCase, index),
    // What is no JSON travels as base64.
    ...(body === undefined ? {} : { body: typeof body === 'string' ? Buffer.from(body).toString('base64') : body }),
  }));
  return { responses: responses.reverse() };
}

const SPELLINGS: Record<Exclude<GraphSettings['entryHeaderCase'], 'mixed'>, (name: string) => string> = {
  canonical: (name) => name,
  lower: (name) => name.toLowerCase(),
  upper: (name) => name.toUpperCase(),
};

function respelt(
  headers: Readonly<Record<string, string>>,
  headerCase: GraphSettings['entryHeaderCase'],
  index: number,
): Record<string, string> {
  const turn = (['canonical', 'lower', 'upper'] as const)[index % 3] ?? 'canonical';
  const spell = SPELLINGS[headerCase === 'mixed' ? turn : headerCase];
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [spell(name), value]));
}
