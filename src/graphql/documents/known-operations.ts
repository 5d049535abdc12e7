import { LRUCache } from 'lru-cache';
import { watchCache } from '../../observability/telemetry/watch-cache.ts';
import type { Watch } from '../../observability/telemetry/watched-numbers.ts';
import type { PreparedOperation } from '../execution/prepare-operation.ts';

/** The operations that Apollo has let in, by their texts: who sends such a text again need not ask Apollo again. */
export interface KnownOperations {
  get(text: string): PreparedOperation | undefined;
  /** Does nothing for a document of several operations: which one is meant is Apollo's to say. */
  remember(text: string, prepared: PreparedOperation): void;
}

/** Bytes, as they are estimated below: more than a thousand ordinary documents. Every caller can fill it. */
const MAX_BYTES = 24 * 1024 * 1024;
/** Of a token with the nodes and locations made of it: 250 to 400 were measured. */
const BYTES_PER_TOKEN = 400;
/** Of a planned field: 230 were measured. */
const BYTES_PER_FIELD = 250;

export function createKnownOperations(watch?: Watch): KnownOperations {
  const operations: LRUCache<string, PreparedOperation> = new LRUCache<string, PreparedOperation>({
    maxSize: MAX_BYTES,
    sizeCalculation: bytesOf,
    dispose: watchCache(watch, 'documents', () => operations.size),
  });
  return {
    get: (text) => operations.get(text),
    remember(text, prepared) {
      const count = prepared.document.definitions.filter(({ kind }) => kind === 'OperationDefinition').length;
      if (count === 1 && !operations.has(text)) operations.set(text, prepared);
    },
  };
}

function bytesOf({ document, plan }: PreparedOperation, text: string): number {
  return 2 * text.length + BYTES_PER_TOKEN * (document.tokenCount ?? text.length) + BYTES_PER_FIELD * (plan?.size ?? 0);
}
