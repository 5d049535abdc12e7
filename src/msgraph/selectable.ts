import { GatewayError } from '../errors.ts';
import type { GraphProperty } from './remote-help-session.ts';

/**
 * Makes `$select`, and remembers which properties Graph's type has dropped: Graph refuses a `$select` that names one of
 * them, where a property that is merely missing is no error.
 */
export interface Selectable {
  /** The properties to ask for, joined: never empty, because that would ask for every secret there is. */
  select(properties: readonly GraphProperty[]): string;
  /** Whether `failure` names a property to leave out, so that asking again asks for less than `asked`. */
  isNarrower(failure: unknown, properties: readonly GraphProperty[], asked: string): boolean;
  /** Asks with a `$select`, and again for less as long as Graph names a property that its type does not have. */
  ask<T>(properties: readonly GraphProperty[], send: (select: string) => Promise<T>): Promise<T>;
}

/** Types change with a release of Graph, and one of them may bring a property back. */
const DROPPED_LIFE_MS = 10 * 60 * 1000;

/** Asked for where nothing else is left: they prove existence and are no secrets. */
const HARMLESS: readonly GraphProperty[] = ['deviceName', 'acsGroupId', 'pubSubGroupId', 'sessionExpirationDateTime'];

/** @param clock milliseconds since 1970 */
export function createSelectable(clock: () => number = Date.now): Selectable {
  /** Until when each is left out. Only names that were asked for get in, so it stays as small as the type. */
  const dropped = new Map<string, number>();

  const isKept = (property: GraphProperty) => {
    const until = dropped.get(property);
    return until === undefined || clock() >= until;
  };

  function select(properties: readonly GraphProperty[]): string {
    if (dropped.size === 0) return properties.join(',');
    const kept = properties.filter(isKept);
    return kept.length > 0 ? kept.join(',') : (HARMLESS.find(isKept) ?? HARMLESS[0] ?? '');
  }

  function isNarrower(failure: unknown, properties: readonly GraphProperty[], asked: string): boolean {
    const name = failure instanceof GatewayError ? failure.details.unknownProperty : undefined;
    if (name === undefined || !asked.split(',').includes(name)) return false;
    dropped.set(name, clock() + DROPPED_LIFE_MS);
    return select(properties) !== asked;
  }

  return {
    select,
    isNarrower,
    async ask(properties, send) {
      for (;;) {
        const asked = select(properties);
        try {
          return await send(asked);
        } catch (failure) {
          if (!isNarrower(failure, properties, asked)) throw failure;
        }
      }
    },
  };
}
