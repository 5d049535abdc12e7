import type { JsonObject } from '../json.ts';

/** What a member may hold: a check, and the words for what it expects. */
export interface Member {
  readonly check: (value: unknown) => boolean;
  readonly expected: string;
}

/** What is wrong with the members of `object`, which `place` names; undefined when nothing is. */
export function problemWith(
  object: JsonObject,
  members: Readonly<Record<string, Member>>,
  place: string,
): string | undefined {
  for (const [name, value] of Object.entries(object)) {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    if (member === undefined) {
      return `unknown member "${name}" of ${place}; known: ${Object.keys(members).join(', ') || 'none'}`;
    }
    if (!member.check(value)) return `"${name}" of ${place}: expected ${member.expected}`;
  }
  return undefined;
}
