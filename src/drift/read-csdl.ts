import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** What a CSDL document (OData's description of a service, `$metadata`) says, as far as drift is looked for. */
export interface Csdl {
  /** Properties of structured types, inherited ones too, by the type's full name; each with its own type's full name. */
  readonly types: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Members of enumerations by the enumeration's full name. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
  /** Entity sets and singletons at the service's root: what a path may begin with. */
  readonly roots: ReadonlySet<string>;
}

/** A file that is no CSDL; the message says what it is instead. */
export class CsdlError extends Error {
  override readonly name = 'CsdlError';
}

type Node = Readonly<Record<string, unknown>>;

const LISTS = new Set([
  'Schema',
  'ComplexType',
  'EntityType',
  'EnumType',
  'Property',
  'NavigationProperty',
  'Member',
  'EntityContainer',
  'EntitySet',
  'Singleton',
]);

/**
 * Reads CSDL in its XML form, as Graph publishes it.
 * @throws CsdlError for anything else
 */
export function readCsdl(text: string): Csdl {
  if (text.trim() === '') throw new CsdlError('It is empty.');
  if (/^\s*\{/.test(text)) throw new CsdlError('It is JSON; the XML form of $metadata is needed.');
  const validity = XMLValidator.validate(text);
  if (validity !== true) throw new CsdlError(`It is not well-formed XML (line ${validity.err.line}).`);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    removeNSPrefix: true,
    processEntities: false,
    isArray: (name) => LISTS.has(name),
  });
  const schemas = nodes(node(node((parser.parse(text) as Node).Edmx)?.DataServices), 'Schema');
  if (schemas.length === 0) throw new CsdlError('It is XML, but holds no schema of OData (edmx:Edmx, Schema).');

  const types = new Map<string, Map<string, string>>();
  const bases = new Map<string, string>();
  const enums = new Map<string, readonly string[]>();
  const roots = new Set<string>();
  const aliases = new Map(
    schemas.flatMap(({ Alias, Namespace }) => (Alias ? [[String(Alias), String(Namespace)]] : [])),
  );
  /** With the namespace in the place of its alias, also inside `Collection(...)`. */
  const fullName = (type: unknown) =>
    String(type).replace(/(^|\()(\w+)\.(?=\w+\)?$)/, (_, start, alias) => `${start}${aliases.get(alias) ?? alias}.`);
  for (const schema of schemas) {
    const namespace = String(schema.Namespace);
    for (const type of [...nodes(schema, 'ComplexType'), ...nodes(schema, 'EntityType')]) {
      const properties = [...nodes(type, 'Property'), ...nodes(type, 'NavigationProperty')];
      const name = `${namespace}.${type.Name}`;
      types.set(name, new Map(properties.map(({ Name, Type }) => [String(Name), fullName(Type)])));
      if (type.BaseType !== undefined) bases.set(name, fullName(type.BaseType));
    }
    for (const type of nodes(schema, 'EnumType')) {
      enums.set(
        `${namespace}.${type.Name}`,
        nodes(type, 'Member').map(({ Name }) => String(Name)),
      );
    }
    for (const container of nodes(schema, 'EntityContainer')) {
      for (const { Name } of [...nodes(container, 'EntitySet'), ...nodes(container, 'Singleton')])
        roots.add(String(Name));
    }
  }
  for (const [name, properties] of types) {
    for (let base = bases.get(name); base !== undefined; base = bases.get(base)) {
      for (const [property, type] of types.get(base) ?? []) properties.set(property, type);
    }
  }
  return { types, enums, roots };
}

function node(value: unknown): Node | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : undefined;
}

function nodes(parent: Node | undefined, name: string): Node[] {
  const list = parent?.[name];
  return Array.isArray(list) ? list.map((each) => node(each) ?? {}) : [];
}
