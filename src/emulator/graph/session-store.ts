import type { JsonObject } from '../json.ts';
import type { GraphSettings } from './graph-settings.ts';

/** The sessions, and how Graph speaks of them. */
export interface SessionStore {
  readonly sessions: Map<string, JsonObject>;
  readonly settings: GraphSettings;
  /** Version included. */
  readonly baseUrl: string;
}
