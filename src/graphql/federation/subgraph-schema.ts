import { type DirectiveNode, type DocumentNode, Kind, parse, print, visit } from 'graphql';

export interface SubgraphSchema {
  readonly typeDefs: DocumentNode;
  /** The same as text: what composition takes, and a router fetches. */
  readonly sdl: string;
}

/**
 * What makes a schema a subgraph of Apollo Federation 2. The version is the lowest that has all of it, so that every
 * composer and every router takes it. `@sensitive` is a directive of our own: composition drops those unless a link
 * gives them a name of their own in the world. The address is such a name; nothing has to answer there.
 */
const LINKS = parse(
  `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.1", import: ["@key", "@shareable", "@composeDirective"])
    @link(url: "https://remote-help-graphql-gateway.example/sensitive/v1.0", import: ["@sensitive"])
    @composeDirective(name: "@sensitive")`,
  { noLocation: true },
);

/**
 * Types that other subgraphs have to do with: sessions are referred to by their ids, and every schema with Relay's
 * connections has the same PageInfo.
 */
const DIRECTIVES: Readonly<Record<string, DirectiveNode>> = {
  RemoteHelpSessionResponse: directive('@key(fields: "id")'),
  PageInfo: directive('@shareable'),
};

/** The schema as a subgraph, without the fields of federation's own that a server adds to it. */
export function subgraphSchema(typeDefs: DocumentNode): SubgraphSchema {
  const marked = visit(typeDefs, {
    ObjectTypeDefinition(type) {
      const added = DIRECTIVES[type.name.value];
      return added === undefined ? undefined : { ...type, directives: [...(type.directives ?? []), added] };
    },
  });
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [...LINKS.definitions, ...marked.definitions] };
  return { typeDefs: document, sdl: `${print(document)}\n` };
}

function directive(text: string): DirectiveNode {
  const [type] = parse(`type T ${text}`, { noLocation: true }).definitions;
  const [parsed] = type?.kind === Kind.OBJECT_TYPE_DEFINITION ? (type.directives ?? []) : [];
  if (parsed === undefined) throw new Error(`${text} is no directive`);
  return parsed;
}
