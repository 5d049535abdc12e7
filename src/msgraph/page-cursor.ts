import { createHmac, timingSafeEqual } from 'node:crypto';

/** Where a list continues: which page to ask Graph for, and how many of its entries were already given. */
export interface PagePosition {
  /** The query of Graph's nextLink without `$top` and `$select`, such as `$skiptoken=abc`; empty for the first page. */
  readonly page: string;
  /** How many entries of that page lie before the position. */
  readonly skip: number;
  /** The page size for which `skip` counts. */
  readonly top: number;
}

/** Cursors are opaque and sealed: one that this gateway did not make is recognised. */
export interface CursorCodec {
  encode(position: PagePosition): string;
  /** @returns undefined for text that `encode` of a codec with the same key did not make */
  decode(cursor: string): PagePosition | undefined;
}

/** 96 bits: guessing one is hopeless, and a cursor is no credential: it only continues the caller's own list. */
const SEAL_BYTES = 12;
const MAX_CURSOR_LENGTH = 8 * 1024;

/** @param key the same in every process of a deployment, so that each can continue what another began */
export function createCursorCodec(key: string): CursorCodec {
  const seal = (payload: Buffer) => createHmac('sha256', key).update(payload).digest().subarray(0, SEAL_BYTES);
  return {
    encode({ page, skip, top }) {
      const payload = Buffer.from(JSON.stringify([page, skip, top]));
      return Buffer.concat([seal(payload), payload]).toString('base64url');
    },
    decode(cursor) {
      if (cursor.length > MAX_CURSOR_LENGTH || !/^[\w-]+$/.test(cursor)) return undefined;
      const bytes = Buffer.from(cursor, 'base64url');
      const payload = bytes.subarray(SEAL_BYTES);
      if (bytes.toString('base64url') !== cursor || bytes.length <= SEAL_BYTES) return undefined;
      if (!timingSafeEqual(seal(payload), bytes.subarray(0, SEAL_BYTES))) return undefined;
      const [page, skip, top] = JSON.parse(payload.toString()) as [string, number, number];
      return { page, skip, top };
    },
  };
}
