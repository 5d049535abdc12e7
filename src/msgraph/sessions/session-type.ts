import type { SessionType } from '../../generated/graphql.ts';

/**
 * Graph's flags enumeration allowedRemoteAssistanceActions, from the least to the most privileged. On the wire: member
 * names joined by commas, or a number for a combination without names (facts, section 1.4).
 */
const MEMBERS = [
  { graphql: 'VIEW_SCREEN', graph: 'viewScreen', flag: 1n },
  { graphql: 'TAKE_FULL_CONTROL', graph: 'takeFullControl', flag: 2n },
  { graphql: 'ELEVATION', graph: 'elevation', flag: 4n },
  { graphql: 'UNATTENDED', graph: 'unattended', flag: 8n },
] as const satisfies readonly { graphql: SessionType; graph: string; flag: bigint }[];

/** The members' names in Graph; the last stands for all that is new. */
export const GRAPH_MEMBERS: readonly string[] = [...MEMBERS.map(({ graph }) => graph), 'unknownFutureValue'];

const TYPES: ReadonlyMap<string, SessionType> = new Map(MEMBERS.map(({ graph, graphql }) => [graph, graphql]));
const KNOWN_FLAGS = MEMBERS.reduce((flags, { flag }) => flags | flag, 0n);

/**
 * Every kind that a value of Graph names, each once; a member that this schema does not know is UNKNOWN_FUTURE_VALUE. A
 * number that no combination of flags has, or that JSON cannot hold exactly, is such a member: its bits say nothing.
 * @returns undefined when the value is not of this enumeration's form
 */
export function readSessionTypes(value: unknown): SessionType[] | undefined {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return fromFlags(BigInt(value));
    return Number.isInteger(value) ? ['UNKNOWN_FUTURE_VALUE'] : undefined;
  }
  if (typeof value !== 'string') return undefined;
  // Nearly always it is one kind, and every answer of Graph may have one.
  const one = TYPES.get(value);
  if (one !== undefined) return [one];
  return [...new Set(namesIn(value).flatMap(fromName))];
}

/** The members that a value names and this schema does not know; also Graph's own word for what it does not tell. */
export function unknownMembers(value: unknown): string[] {
  const names = typeof value === 'string' ? namesIn(value) : [String(value)];
  return names.filter((name) => !TYPES.has(name) && fromName(name).includes('UNKNOWN_FUTURE_VALUE'));
}

function namesIn(value: string): string[] {
  return value.split(',').flatMap((name) => name.trim() || []);
}

/** The most privileged kind; UNKNOWN_FUTURE_VALUE only when nothing else is known; null when there is none. */
export function mostPrivileged(types: readonly SessionType[]): SessionType | null {
  return MEMBERS.findLast(({ graphql }) => types.includes(graphql))?.graphql ?? types[0] ?? null;
}

/**
 * The wire form of kinds, in the enumeration's own order.
 * @returns undefined when there is none, or one that must not be written: Graph ignores unknownFutureValue in a PATCH
 */
export function writeSessionTypes(types: readonly SessionType[]): string | undefined {
  if (types.length === 0 || types.includes('UNKNOWN_FUTURE_VALUE')) return undefined;
  return MEMBERS.filter(({ graphql }) => types.includes(graphql))
    .map(({ graph }) => graph)
    .join(',');
}

/** More digits than any number of 64 bits has are no flags. */
const FLAGS = /^-?\d{1,20}$/;

function fromName(name: string): SessionType[] {
  if (FLAGS.test(name)) return fromFlags(BigInt(name));
  return [TYPES.get(name) ?? 'UNKNOWN_FUTURE_VALUE'];
}

/** With BigInt, because bit operators on numbers look at 32 bits only: 4294967297 would pass for 1. */
function fromFlags(flags: bigint): SessionType[] {
  if (flags < 0n) return ['UNKNOWN_FUTURE_VALUE'];
  const types: SessionType[] = MEMBERS.filter(({ flag }) => flags & flag).map(({ graphql }) => graphql);
  return flags & ~KNOWN_FLAGS ? [...types, 'UNKNOWN_FUTURE_VALUE'] : types;
}
