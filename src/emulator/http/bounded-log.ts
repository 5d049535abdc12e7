/** Enough for any test and an hour of soak; what is older is forgotten so that a long run keeps its memory. */
const MOST_ENTRIES = 10_000;

/** A live, growing list of what happened, at most 10 000 entries, the oldest forgotten first. */
export interface BoundedLog<Entry> {
  /** The entries themselves, the same array always. */
  readonly entries: readonly Entry[];
  add(entry: Entry): void;
  clear(): void;
}

/** An empty log. */
export function createBoundedLog<Entry>(most = MOST_ENTRIES): BoundedLog<Entry> {
  const entries: Entry[] = [];
  return {
    entries,
    add(entry) {
      entries.push(entry);
      if (entries.length > most) entries.shift();
    },
    clear() {
      entries.length = 0;
    },
  };
}
