const one = () => 1;

/**
 * How many entries an `LRUCache` holds at most. With its own `max` it makes arrays of that length at once: 8 ms for
 * 100,000 entries, which a start waits for. Counted as sizes, they grow with what is in it.
 */
export function atMost(entries: number) {
  return { maxSize: entries, sizeCalculation: one };
}
