const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');
const comment = 'c'.repeat(60 * 1024);

/** What makes a process keep the most for one request. `use` makes every document another one. */
export const costlyDocuments = {
  /** 60 KB of comment. */
  comments: (use: number) => `query q${use} { __typename } #${comment}`,
  /** Opens to 4,100 fields. */
  fragments: (use: number) =>
    `query q${use} { ${times(100, (i) => `a${i}: remoteHelpSessionResponse(id: "session-1") { ...F }`)} }
     fragment F on RemoteHelpSessionResponse { ${times(40, (i) => `f${i}: id`)} }`,
  /** As many tokens as there may be. */
  tokens: (use: number) =>
    `query q${use} { remoteHelpSessionResponsesById(ids: [${times(4_800, (i) => `"${i}"`)}]) { id } }`,
} as const;
