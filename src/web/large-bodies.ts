/** What the bodies of the requests inside hold together. Only large ones count: the others are as good as nothing. */
export interface LargeBodies {
  /** Takes room for a body of one caller. @returns false when there is none */
  take(callerKey: string, bytes: number): boolean;
  give(callerKey: string, bytes: number): void;
}

/** 32 MiB of text stand in memory as text, as an object, and as the text that is sent on. */
const MAX_BYTES = 32 * 1024 * 1024;
/** 32 bodies of the largest size at once, and room for three more callers who do the same. */
const MAX_BYTES_OF_CALLER = 8 * 1024 * 1024;

export function createLargeBodies(): LargeBodies {
  const byCaller = new Map<string, number>();
  let sum = 0;
  return {
    take(callerKey, bytes) {
      const own = (byCaller.get(callerKey) ?? 0) + bytes;
      if (own > MAX_BYTES_OF_CALLER || sum + bytes > MAX_BYTES) return false;
      byCaller.set(callerKey, own);
      sum += bytes;
      return true;
    },
    give(callerKey, bytes) {
      const own = (byCaller.get(callerKey) ?? 0) - bytes;
      if (own > 0) byCaller.set(callerKey, own);
      else byCaller.delete(callerKey);
      sum -= bytes;
    },
  };
}
