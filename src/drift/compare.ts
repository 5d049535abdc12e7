import type { Csdl } from './read-csdl.ts';

/** What this gateway knows of a resource in Graph. */
export interface KnownResource {
  /** Full name, such as microsoft.graph.retrieveRemoteHelpSessionResponse. */
  readonly type: string;
  /** Each property with the type that it is read as; an enumeration by its full name. */
  readonly properties: Readonly<Record<string, string>>;
  /** Members of enumerations by their full names. */
  readonly enums: Readonly<Record<string, readonly string[]>>;
  /** The collection's path below Graph's root. */
  readonly path: string;
}

/** A difference; `breaks` when something that the gateway uses is gone or is not what it was. */
export interface Difference {
  readonly breaks: boolean;
  readonly text: string;
}

/** Compares what the gateway knows with what Graph publishes. */
export function compare(known: KnownResource, { types, enums, roots }: Csdl): Difference[] {
  const published = types.get(known.type);
  if (published === undefined) {
    return [
      { breaks: true, text: `gone     ${known.type}: the type is not there` },
      ...pathDifference(known.path, roots),
    ];
  }
  const differences: Difference[] = [];
  for (const [name, type] of Object.entries(known.properties)) {
    const found = published.get(name);
    if (found === undefined) differences.push({ breaks: true, text: `gone     ${known.type}/${name}` });
    else if (found !== type) {
      differences.push({ breaks: true, text: `changed  ${known.type}/${name}: ${found}, was ${type}` });
    }
  }
  for (const [name, type] of published) {
    if (!Object.hasOwn(known.properties, name)) {
      differences.push({ breaks: false, text: `new      ${known.type}/${name}: ${type}` });
    }
  }
  for (const [name, members] of Object.entries(known.enums)) {
    differences.push(...enumDifferences(name, members, enums.get(name)));
  }
  return [...differences, ...pathDifference(known.path, roots)];
}

function enumDifferences(
  name: string,
  known: readonly string[],
  published: readonly string[] | undefined,
): Difference[] {
  if (published === undefined) return [{ breaks: true, text: `gone     ${name}: the enumeration is not there` }];
  return [
    ...known
      .filter((member) => !published.includes(member))
      .map((member) => ({ breaks: true, text: `gone     ${name}/${member}` })),
    ...published
      .filter((member) => !known.includes(member))
      .map((member) => ({ breaks: false, text: `new      ${name}/${member}` })),
  ];
}

/** Only the first segment: what follows it in a longer path hangs on types that Graph may not publish. */
function pathDifference(path: string, roots: ReadonlySet<string>): Difference[] {
  const [first = ''] = path.split(/[/(]/);
  return roots.has(first)
    ? []
    : [{ breaks: true, text: `gone     /${path}: "${first}" is no entity set or singleton` }];
}
