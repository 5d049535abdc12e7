import { setTimeout as sleep } from 'node:timers/promises';
import type { Discovery } from '../callers/discovery.ts';
import { azureIdentity } from './azure-identity.ts';

/** What must be there before callers are sent here: what Entra publishes, and the library that exchanges tokens. */
export interface WarmUp {
  readonly ready: boolean;
  /** Gets both; resolves when the first try to fetch has ended. Fetching goes on until it succeeds. */
  warmUp(): Promise<void>;
}

/** The library stands still for a tenth of a second when it is loaded: who waits for Entra's keys is answered before. */
const OTHERS_FIRST_MS = 20;

export function createWarmUp(discovery: Pick<Discovery, 'ready' | 'warmUp'>): WarmUp {
  let loaded = false;
  return {
    get ready() {
      return loaded && discovery.ready;
    },
    async warmUp() {
      await discovery.warmUp();
      await sleep(OTHERS_FIRST_MS, undefined, { ref: false });
      // Ready means ready: the first callers' exchange must not wait for it.
      azureIdentity();
      loaded = true;
    },
  };
}
