import type { SessionType } from '../generated/graphql.ts';

/**
 * Graph's flags enumeration allowedRemoteAssistanceActions, from the least to the most privileged. On the wire: member
 * names joined by commas, or a number for a combination without names (facts, section 1.4).
 */
const MEMBERS = [
  { graphql: 'VIEW_SCREEN', graph: 'viewScreen', flag: 1 },
  { graphql: 'TAKE_FULL_CONTROL', graph: 'takeFullControl', flag: 2 },
  { graphql: 'ELEVATION', graph: 'elevation', flag: 4 },
  { graphql: 'UNATTENDED', graph: 'unattended', flag: 8 },
] as const satisfies readonly { graphql: SessionType; graph: string; flag: number }[];

const KNOWN_FLAGS = MEMBERS.reduce((flags, { flag }) => flags | flag, 0);

/**
 * Every kind that a value of Graph names, each once; a member that this schema does not know is UNKNOWN_FUTURE_VALUE.
 * @returns undefined when the value is not of this enumeration's form
 */
export function readSessionTypes(value: unknown): SessionType[] | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return fromFlags(value);
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,9}$/.test(value)) return fromFlags(Number(value));
  const names = value.split(',').map((name) => name.trim());
  const types = names.filter((name) => name !== '').map((name) => fromName(name));
  return [...new Set(types)];
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

function fromName(name: string): SessionType {
  return MEMBERS.find(({ graph }) => graph === name)?.graphql ?? 'UNKNOWN_FUTURE_VALUE';
}

function fromFlags(flags: number): SessionType[] {
  const types: SessionType[] = MEMBERS.filter(({ flag }) => flags & flag).map(({ graphql }) => graphql);
  return flags & ~KNOWN_FLAGS ? [...types, 'UNKNOWN_FUTURE_VALUE'] : types;
}
