export interface LastGoodOptions<T> {
  readonly load: () => Promise<T>;
  /** How old a value may be before it is loaded anew. */
  readonly refreshMs: number;
  /** How long a failed load keeps the next one away, while there is a value to go on with. */
  readonly retryMs: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** A value that is loaded when it is first needed, and never lost again: an old one is better than none. */
export interface LastGood<T> {
  /** Undefined until the first load succeeded. */
  readonly current: T | undefined;
  /** The value, at once when there is one; an old one is loaded anew behind it. @throws what the first load throws */
  get(): T | Promise<T>;
  /** Loads now and waits for it, joining a load in flight. A failure leaves, and answers, the value as it was. */
  refresh(): Promise<T>;
}

export function createLastGood<T>(options: LastGoodOptions<T>): LastGood<T> {
  const { load, refreshMs, retryMs, clock } = options;
  let value: T | undefined;
  let refreshAt = 0;
  let loading: Promise<T> | undefined;

  function refresh(): Promise<T> {
    loading ??= load()
      .then(
        (loaded) => {
          refreshAt = clock() + refreshMs;
          value = loaded;
          return loaded;
        },
        (failure: unknown) => {
          refreshAt = clock() + retryMs;
          if (value === undefined) throw failure;
          return value;
        },
      )
      .finally(() => {
        loading = undefined;
      });
    return loading;
  }

  return {
    get current() {
      return value;
    },
    get() {
      if (value === undefined) return refresh();
      // It cannot fail: there is a value to fall back to.
      if (clock() >= refreshAt) void refresh();
      return value;
    },
    refresh,
  };
}
