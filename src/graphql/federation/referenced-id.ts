/** The id that a representation of another subgraph refers to; undefined when it is no reference to a session. */
export function referencedId(representation: unknown): string | undefined {
  if (typeof representation !== 'object' || representation === null) return undefined;
  const { __typename, id } = representation as Readonly<Record<string, unknown>>;
  return __typename === 'RemoteHelpSessionResponse' && typeof id === 'string' ? id : undefined;
}
