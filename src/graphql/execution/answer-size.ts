import { defaultFieldResolver, type GraphQLError, type GraphQLFieldResolver } from 'graphql';
import { MAX_ANSWER_BYTES, MAX_ANSWER_ERRORS } from '../graphql-http.ts';

/** The answer of an operation, and what it comes to. */
export interface Answer {
  readonly data: unknown;
  readonly errors: readonly GraphQLError[];
  /** What its data comes to as JSON, without what JSON escapes and UTF-8 widens: never more than the bytes of it. */
  readonly bytes: number;
}

/** Of a field beside its name and its text: quotes, a colon, a comma, and the least that a value is. */
const BYTES_OF_FIELD = 5;

const QUOTES = 2;
/** A character that JSON writes as an escape, such as \u0001, is six of them; in UTF-8 it is three bytes at most. */
const MAX_BYTES_OF_CHARACTER = 6;

/** Whether no more of an answer need be made. */
export function isTooLarge({ errors, bytes }: Pick<Answer, 'errors' | 'bytes'>, maxBytes: number): boolean {
  return bytes > maxBytes || errors.length > MAX_ANSWER_ERRORS;
}

/** Which limit an answer is over, so that it must not even be written as JSON. */
export function limitExceeded({ data, errors, bytes }: Answer, maxBytes: number): 'bytes' | 'errors' | undefined {
  if (bytes > maxBytes) return 'bytes';
  if (errors.length > MAX_ANSWER_ERRORS) return 'errors';
  const mayBe = bytes * MAX_BYTES_OF_CHARACTER > maxBytes;
  return mayBe && bytesAsJson(data) > maxBytes ? 'bytes' : undefined;
}

/** What a field adds to an answer, without its value. */
export function bytesOfField(responseName: string): number {
  return responseName.length + BYTES_OF_FIELD;
}

/** What a value of an answer comes to. */
export function bytesOf(value: unknown, bytesOfText = (text: string) => text.length): number {
  if (typeof value === 'string') return bytesOfText(value);
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = 0;
  if (Array.isArray(value)) for (const each of value) bytes += bytesOf(each, bytesOfText);
  else for (const [name, each] of Object.entries(value)) bytes += bytesOfField(name) + bytesOf(each, bytesOfText);
  return bytes;
}

/** The same with what JSON escapes and UTF-8 widens. A text that stands in many places is looked at once. */
function bytesAsJson(data: unknown): number {
  const known = new Map<string, number>();
  return bytesOf(data, (text) => {
    const bytes = known.get(text) ?? Buffer.byteLength(JSON.stringify(text)) - QUOTES;
    known.set(text, bytes);
    return bytes;
  });
}

/** Texts that are read and then left out, because something beside them failed, count here too: so it is a multiple. */
const MAX_TEXTS = 4 * MAX_ANSWER_BYTES;

/** How graphql-js reads the fields of one operation. It ends no execution early: what is over a limit becomes null. */
export function boundedResolver() {
  let errors = 0;
  let texts = 0;
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
    if (errors > MAX_ANSWER_ERRORS || texts > MAX_TEXTS) return null;
    const value: unknown = defaultFieldResolver(source, args, context, info);
    if (typeof value === 'string') texts += value.length;
    else if (value instanceof Error) errors += 1;
    else if (Array.isArray(value)) for (const each of value) if (each instanceof Error) errors += 1;
    return value;
  };
  return { fieldResolver, isOver: () => texts > MAX_TEXTS };
}
