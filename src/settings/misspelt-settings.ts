/** A name in the environment that is none of ours, and the one that was probably meant. */
export interface MisspeltSetting {
  readonly name: string;
  readonly meant: string;
}

/** Names with these beginnings are for us, or for a library that we know. */
const OURS = /^(AZURE|GRAPH|API|CORS)_/;
/** So many letters may be wrong, missing or too many. */
const MAX_DISTANCE = 2;

/**
 * Finds misspelt names: what is misspelt is otherwise just not set, and nobody is told. Names that resemble none of ours
 * are left alone; Azure's tools have many of their own.
 * @param known the names of all settings
 */
export function misspeltSettings(env: NodeJS.ProcessEnv, known: readonly string[]): MisspeltSetting[] {
  return Object.keys(env).flatMap((name) => {
    const upper = name.toUpperCase();
    if (!OURS.test(upper) || known.includes(name)) return [];
    const meant = known.find((each) => isClose(upper, each));
    return meant === undefined ? [] : [{ name, meant }];
  });
}

/** What the operator is told about one; its value may be a secret. */
export function misspeltMessage({ name, meant }: MisspeltSetting): string {
  return `${name} is not a setting; did you mean ${meant}?`;
}

/** `AZURE_TENANTID`, `AZURE_TENANT`, `GRAPH_URL`, `CORS_ORIGIN`: a slip, or words that are left out or cut short. */
function isClose(name: string, known: string): boolean {
  const words = known.split('_');
  const parts = name.split('_');
  let found = 0;
  for (const word of words) if (found < parts.length && word.startsWith(parts[found] ?? '')) found += 1;
  return (parts.length > 1 && found === parts.length) || distance(name, known) <= MAX_DISTANCE;
}

/** Levenshtein: the fewest letters to insert, delete or replace. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
