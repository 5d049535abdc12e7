export interface LastGoodOptions<T> {
  readonly load: () => Promise<T>;
  /** How old a value may be before it is loaded anew behind it. */
  readonly refreshMs: number;
  /** How long a load in vain keeps the next one behind a value away. */
  readonly retryMs: number;
  /** At most one load begins in this time while none succeeds, whoever asks. One that hangs holds nobody up for longer. */
  readonly spacingMs: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** A value that is loaded when it is first needed, and never lost again: an old one is better than none. */
export interface LastGood<T> {
  /** Undefined until the first load succeeded. */
  readonly current: T | undefined;
  /** Whether the last load that ended did so in vain. */
  readonly failing: boolean;
  /** The value, at once when there is one; an old one is loaded anew behind it. @throws what the first load throws */
  get(): T | Promise<T>;
  /**
   * The value from a load that is not over yet: one that begins now, or one in flight.
   * @throws what the load throws, also the one that failed less than `spacingMs` ago; the value stays as it was
   */
  refresh(): Promise<T>;
}

interface Load<T> {
  readonly number: number;
  readonly began: number;
  /** What this load ends in, or a later one that succeeds while this one hangs. */
  readonly outcome: Promise<T>;
}

export function createLastGood<T>(options: LastGoodOptions<T>): LastGood<T> {
  const { load, refreshMs, retryMs, spacingMs, clock } = options;
  let value: T | undefined;
  let failing = false;
  let refreshAt = 0;
  let begun = 0;
  let lastEnded = 0;
  let nextGood = Promise.withResolvers<T>();
  /** The newest load that is in flight or has failed. */
  let newest: Load<T> | undefined;

  function refresh(): Promise<T> {
    // Not only "less": a clock that is set back must not keep the next load away.
    if (newest !== undefined && Math.abs(clock() - newest.began) < spacingMs) return newest.outcome;
    begun += 1;
    const loading = load();
    const mine: Load<T> = { number: begun, began: clock(), outcome: Promise.race([loading, nextGood.promise]) };
    newest = mine;
    refreshAt = mine.began + retryMs;
    loading.then(
      (loaded) => {
        if (overtaken(mine)) return;
        if (newest === mine) newest = undefined;
        refreshAt = clock() + refreshMs;
        failing = false;
        value = loaded;
        nextGood.resolve(loaded);
        nextGood = Promise.withResolvers();
      },
      () => {
        if (!overtaken(mine)) failing = true;
      },
    );
    return mine.outcome;
  }

  /** A load that hung may end after one that began later, and what it says is older. */
  function overtaken({ number }: Load<T>): boolean {
    if (number < lastEnded) return true;
    lastEnded = number;
    return false;
  }

  return {
    get current() {
      return value;
    },
    get failing() {
      return failing;
    },
    get() {
      if (value === undefined) return refresh();
      // Whether it fails is known to `failing`; here is a value to go on with.
      if (clock() >= refreshAt) refresh().catch(() => {});
      return value;
    },
    refresh,
  };
}
