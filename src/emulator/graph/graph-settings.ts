import { documentedProperties, type EdmType } from './session-properties.ts';

/** Where Graph's documents and its answers are known to differ, a test may choose. */
export interface GraphSettings {
  /** The collection's path under the version. */
  sessionsPath: string;
  /** What the type holds: drop one and Graph refuses to select or update it. */
  properties: Map<string, EdmType>;
  /** Whether GET of one answers `{"value": {...}}`, as the documentation shows. */
  wrapSingles: boolean;
  /** Whether answers carry `@odata.type` and `@odata.context`. */
  annotate: boolean;
  /** What an update answers. `Prefer: return=minimal` has 204 in any case. */
  patchAnswers: 200 | 204;
  /** The most that one page of a list holds, whatever `$top` asks. */
  pageSize: number;
  /** Whether the objects in a list carry an `id`. The documented type has none. */
  idInList: boolean;
  /** Refuses whole batches, as when the resource cannot be batched. */
  batchRefused: 400 | 404 | false | undefined;
  /** How header names are written inside a batch's answer. `mixed` takes turns. */
  entryHeaderCase: 'canonical' | 'lower' | 'upper' | 'mixed';
}

/** Graph as its documentation describes it. */
export const documentedSettings = (): GraphSettings => ({
  sessionsPath: 'RemoteHelpSessionRetrieveResponse',
  properties: new Map(documentedProperties),
  wrapSingles: true,
  annotate: true,
  patchAnswers: 200,
  pageSize: 100,
  idInList: false,
  batchRefused: false,
  entryHeaderCase: 'mixed',
});
