import { GatewayError } from '../../errors.ts';
import { GRAPH_PROPERTIES, type GraphProperty } from './session-properties.ts';

/**
 * Makes `$select`, and remembers which properties Graph's type has dropped: Graph refuses a `$select` that names one of
 * them, where a property that is merely missing is no error.
 */
export interface Selectable {
  /** The properties to ask for, joined: never empty, because that would ask for every secret there is. */
  select(properties: readonly GraphProperty[]): string;
  /** Whether `failure` names a property to leave out, so that asking again asks for less than `asked`. */
  isNarrower(failure: unknown, properties: readonly GraphProperty[], asked: string): boolean;
}

export interface SelectableOptions {
  /** The names of the fields that the schema marks as secrets: they are asked for only when somebody selects them. */
  readonly sensitiveFields: readonly string[];
  /** Milliseconds since 1970. */
  readonly clock?: (() => number) | undefined;
}

/** Types change with a release of Graph, and one of them may bring a property back. */
const DROPPED_LIFE_MS = 10 * 60 * 1000;

/** What is asked for first where nothing is selected: it proves existence. */
const FIRST_CHOICE: GraphProperty = 'deviceName';

export function createSelectable({ sensitiveFields, clock = Date.now }: SelectableOptions): Selectable {
  /** Until when each is left out. Only names that were asked for get in, so it stays as small as the type. */
  const dropped = new Map<string, number>();
  const harmless = [FIRST_CHOICE, ...GRAPH_PROPERTIES].filter((property) => !sensitiveFields.includes(property));

  const isKept = (property: GraphProperty) => {
    const until = dropped.get(property);
    return until === undefined || clock() >= until;
  };

  function select(properties: readonly GraphProperty[]): string {
    const kept = dropped.size === 0 ? properties : properties.filter(isKept);
    return kept.length > 0 ? kept.join(',') : (harmless.find(isKept) ?? harmless[0] ?? FIRST_CHOICE);
  }

  return {
    select,
    isNarrower(failure, properties, asked) {
      const name = failure instanceof GatewayError ? failure.details.unknownProperty : undefined;
      if (name === undefined || !asked.split(',').includes(name)) return false;
      dropped.set(name, clock() + DROPPED_LIFE_MS);
      return select(properties) !== asked;
    },
  };
}
