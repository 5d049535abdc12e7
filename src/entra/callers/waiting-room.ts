export interface WaitingRoomOptions {
  readonly places: number;
  /** Milliseconds after which somebody who waits is sent away; the work goes on. */
  readonly patienceMs: number;
  /** The error for who finds no place, or loses patience. */
  readonly refusal: () => Error;
}

/** Where few wait, and not for long: everybody else is refused at once, before the work that they ask for begins. */
export type WaitingRoom = <T>(work: () => Promise<T>) => Promise<T>;

export function createWaitingRoom({ places, patienceMs, refusal }: WaitingRoomOptions): WaitingRoom {
  let waiting = 0;
  return async (work) => {
    if (waiting >= places) throw refusal();
    waiting += 1;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(refusal()), patienceMs);
    });
    try {
      return await Promise.race([work(), patience]);
    } finally {
      clearTimeout(timer);
      waiting -= 1;
    }
  };
}
