import { isContinuation } from './continuation.ts';

/** Where a list continues: which page to ask Graph for, and how many of its entries were already given. */
export interface PagePosition {
  /** What continues Graph's list, such as `$skiptoken=abc`; empty for the first page. */
  readonly page: string;
  /** How many entries of that page lie before the position. */
  readonly skip: number;
  /** The page size for which `skip` counts. */
  readonly top: number;
}

/** The most that a page may be asked to hold. */
export const MAX_PAGE_SIZE = 100;

/** More entries than Graph puts into one page, whatever was asked for. */
const MAX_SKIP = 10_000;
/** Room for a skip token of 10,000 characters, each of which may be nine when it is percent-encoded. */
const MAX_CURSOR_LENGTH = 128 * 1024;

/** @returns opaque text for clients; undefined when Graph's skip token is too long for one */
export function encodeCursor({ page, skip, top }: PagePosition): string | undefined {
  const cursor = Buffer.from(JSON.stringify([page, skip, top])).toString('base64url');
  return cursor.length <= MAX_CURSOR_LENGTH ? cursor : undefined;
}

/**
 * Reads a cursor. There is no seal on it, so that every process reads what another made: whatever a client writes into
 * one, all that it can hold is a place in the caller's own list.
 * @returns undefined for text that `encodeCursor` does not make
 */
export function decodeCursor(cursor: string): PagePosition | undefined {
  if (cursor.length > MAX_CURSOR_LENGTH || !/^[\w-]+$/.test(cursor)) return undefined;
  const position = parsePosition(Buffer.from(cursor, 'base64url').toString());
  // What reads the same but is spelled otherwise was not made here.
  return position !== undefined && encodeCursor(position) === cursor ? position : undefined;
}

function parsePosition(text: string): PagePosition | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [page, skip, top] = value as unknown[];
  if (typeof page !== 'string' || (page !== '' && !isContinuation(page))) return undefined;
  return isWhole(skip, 0, MAX_SKIP) && isWhole(top, 1, MAX_PAGE_SIZE) ? { page, skip, top } : undefined;
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}
