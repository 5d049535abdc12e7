import {
  buildASTSchema,
  type GraphQLNamedType,
  GraphQLNonNull,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { readProjectFile } from '../documents/project.ts';

const schema = buildASTSchema(parse(readProjectFile('schema.graphql')));
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);

interface Described {
  readonly coordinate: string;
  readonly description: string | null | undefined;
  readonly deprecationReason?: string | null | undefined;
}

/** Every type, field, argument and enum value, each with its coordinate. */
function everything(type: GraphQLNamedType): Described[] {
  const self = { coordinate: type.name, description: type.description };
  if (isEnumType(type)) {
    return [self, ...type.getValues().map((value) => ({ ...value, coordinate: `${type.name}.${value.name}` }))];
  }
  if (isInputObjectType(type)) {
    return [
      self,
      ...Object.values(type.getFields()).map((field) => ({ ...field, coordinate: `${type.name}.${field.name}` })),
    ];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [self];
  return [
    self,
    ...Object.values(type.getFields()).flatMap((field) => {
      const coordinate = `${type.name}.${field.name}`;
      return [
        { ...field, coordinate },
        ...field.args.map((arg) => ({ ...arg, coordinate: `${coordinate}(${arg.name})` })),
      ];
    }),
  ];
}

// The root types speak through their fields.
const described = types.flatMap(everything).filter(({ coordinate }) => !['Query', 'Mutation'].includes(coordinate));

describe('schema.graphql', () => {
  test('describes everything in sentences', () => {
    expect(described.length).toBeGreaterThan(50);
    const poor = described.filter(({ description }) => !/^[A-Z`][\s\S]*[.:)]$/.test((description ?? '').trim()));
    expect(poor.map(({ coordinate }) => coordinate)).toEqual([]);
  });

  test('says what to use in the place of what is deprecated', () => {
    const reasons = described.flatMap(({ deprecationReason }) => deprecationReason ?? []);
    for (const reason of reasons) expect(reason).toMatch(/`\w+`.*|no longer/i);
  });

  test('names inputs Input and answers of mutations Payload, and gives each mutation its own', () => {
    const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
    expect(mutations.length).toBeGreaterThan(0);
    for (const { name, type, args } of mutations) {
      const title = name.charAt(0).toUpperCase() + name.slice(1);
      expect(String(type)).toBe(`${title}Payload`);
      const input = args.find((arg) => arg.name === 'input');
      if (input !== undefined) expect(String(input.type)).toBe(`${title}Input!`);
    }
    for (const type of types.filter(isInputObjectType)) expect(type.name).toMatch(/Input$/);
  });

  test('has connections in the shape that Relay specifies', () => {
    const connections = types.filter(({ name }) => name.endsWith('Connection')).filter(isObjectType);
    expect(connections.length).toBeGreaterThan(0);
    for (const connection of connections) {
      const { edges, pageInfo, nodes } = connection.getFields();
      const edge = connection.name.replace(/Connection$/, 'Edge');
      const node = connection.name.replace(/Connection$/, '');
      expect(String(edges?.type)).toBe(`[${edge}!]!`);
      expect(String(nodes?.type)).toMatch(new RegExp(`^\\[${node}!?\\]!$`));
      expect(String(pageInfo?.type)).toBe('PageInfo!');
      const edgeType = schema.getType(edge);
      if (!isObjectType(edgeType)) throw new Error(`${edge} is missing`);
      expect(String(edgeType.getFields().cursor?.type)).toBe('String!');
      expect(String(edgeType.getFields().node?.type)).toBe(node);
    }
    const pageInfo = schema.getType('PageInfo');
    expect(
      isObjectType(pageInfo) && Object.values(pageInfo.getFields()).map(({ name, type }) => `${name}: ${type}`),
    ).toEqual(['hasNextPage: Boolean!', 'hasPreviousPage: Boolean!', 'startCursor: String', 'endCursor: String']);
  });

  test('has enum values in capitals, and nullable fields at the root', () => {
    for (const type of types.filter(isEnumType))
      for (const { name } of type.getValues()) expect(name).toMatch(/^[A-Z_]+$/);
    for (const root of [schema.getQueryType(), schema.getMutationType()]) {
      for (const { type } of Object.values(root?.getFields() ?? {})) expect(type).not.toBeInstanceOf(GraphQLNonNull);
    }
  });
});
