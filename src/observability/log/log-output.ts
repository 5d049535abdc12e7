/** Where all log lines go, in the order in which they were given. It never stops or ends the process, and never grows. */
export interface LogOutput {
  /** Takes a line with its end; it is written together with others, within a tenth of a second. */
  write(line: string): void;
  /**
   * Hands a line, and all before it, to the kernel.
   * @returns undefined when that is done, or when it is known not to work at present; else a promise that resolves when
   * it is done or has been waited for long enough. Whatever became of it, `lost` tells.
   */
  writeNow(line: string): Promise<void> | undefined;
  /** Lines that were never written, since the start. */
  readonly lost: Readonly<LostLines>;
  /** For the end of the process: tries for a moment, then gives up. */
  end(): void;
}

export interface LostLines {
  ordinary: number;
  /** Those of `writeNow`. */
  audit: number;
}

export interface LogOutputOptions {
  /** Writes as much as goes without waiting, from `offset`. @returns how many bytes @throws an error with an errno `code` */
  readonly writeSome: (bytes: Buffer, offset: number) => number;
  /** Stands still for so many milliseconds; only `end` does. */
  readonly standStill?: (milliseconds: number) => void;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** Under load the writing costs more than the lines, so some eighty go together. */
const TOGETHER_CHARACTERS = 48 * 1024;
const TOGETHER_MS = 100;
/** What is kept while nothing can be written. An audit line may still wait when there is no room for others. */
const MAX_CHARACTERS = 1024 * 1024;
const MAX_CHARACTERS_WITH_AUDIT = 4 * MAX_CHARACTERS;
/** A reader that is merely slow has room again soon; a full disk or a reader that has gone lasts. */
const RETRY_FULL_MS = 20;
const RETRY_BROKEN_MS = 500;
/** An answer waits so long for its audit line. Once: until lines are written again, the next answers do not wait. */
const MAX_WAIT_MS = 250;
/** The end of the process waits so long for a reader, in all. */
const END_MS = 500;
const END_STEP_MS = 10;

interface Waiter {
  /** The number of the line that is waited for. */
  readonly line: number;
  readonly done: () => void;
}

/** Writes are synchronous and never wait: a line that is handed over is safe from the end of the process. */
export function createLogOutput(options: LogOutputOptions): LogOutput {
  const { writeSome, standStill = sleep, clock = Date.now } = options;
  const lost: LostLines = { ordinary: 0, audit: 0 };
  const told: LostLines = { ordinary: 0, audit: 0 };
  let lines: string[] = [];
  let characters = 0;
  /** Lines that are in `chunk` or were written, counted from the first; those in `lines` come after them. */
  let taken = 0;
  let chunk: Buffer | undefined;
  let offset = 0;
  /** Why nothing can be written at present, an errno code. */
  let failure: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let waiters: Waiter[] = [];
  let waitedInVain = false;

  /** @returns whether all is written */
  function flush(): boolean {
    clearTimeout(timer);
    timer = undefined;
    try {
      while (takeChunk()) {
        const bytes = chunk as Buffer;
        offset += writeSome(bytes, offset);
        if (offset >= bytes.length) release();
      }
    } catch (error) {
      failure = (error as NodeJS.ErrnoException).code ?? 'unknown';
      flushIn(failure === 'EAGAIN' ? RETRY_FULL_MS : RETRY_BROKEN_MS);
      return false;
    }
    failure = undefined;
    return true;
  }

  function takeChunk(): boolean {
    if (chunk !== undefined) return true;
    if (lines.length === 0) return false;
    let count = 0;
    let size = 0;
    while (count < lines.length && size < TOGETHER_CHARACTERS) {
      size += lines[count]?.length ?? 0;
      count += 1;
    }
    const together = count === lines.length ? lines : lines.slice(0, count);
    lines = count === lines.length ? [] : lines.slice(count);
    characters -= size;
    taken += count;
    chunk = Buffer.from(together.length === 1 ? String(together[0]) : together.join(''));
    offset = 0;
    return true;
  }

  function release() {
    chunk = undefined;
    waitedInVain = false;
    if (lost.audit > told.audit || lost.ordinary > told.ordinary) tellLost();
    if (waiters.length === 0) return;
    const ready = waiters.filter(({ line }) => line <= taken);
    waiters = waiters.filter(({ line }) => line > taken);
    for (const { done } of ready) done();
  }

  /** One line about all that were lost; it goes out like any other. */
  function tellLost() {
    const [ordinary, audit] = [lost.ordinary - told.ordinary, lost.audit - told.audit];
    told.ordinary = lost.ordinary;
    told.audit = lost.audit;
    const fields = { level: 50, time: clock(), linesLost: ordinary, auditLinesLost: audit, cause: failure };
    add(`${JSON.stringify({ ...fields, msg: 'log lines were lost' })}\n`);
  }

  function add(line: string) {
    lines.push(line);
    characters += line.length;
  }

  function flushIn(milliseconds: number) {
    timer ??= setTimeout(flush, milliseconds).unref();
  }

  function wait(): Promise<void> {
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => {
        waitedInVain = true;
        waiters = waiters.filter((each) => each !== waiter);
        resolve();
      }, MAX_WAIT_MS);
      const done = () => {
        clearTimeout(giveUp);
        resolve();
      };
      const waiter = { line: taken + lines.length, done };
      waiters.push(waiter);
    });
  }

  return {
    lost,
    write(line) {
      if (characters >= MAX_CHARACTERS) {
        lost.ordinary += 1;
        return;
      }
      add(line);
      if (failure === undefined && characters >= TOGETHER_CHARACTERS) flush();
      else flushIn(TOGETHER_MS);
    },
    writeNow(line) {
      if (characters >= MAX_CHARACTERS_WITH_AUDIT) {
        lost.audit += 1;
        return undefined;
      }
      add(line);
      return flush() || waitedInVain ? undefined : wait();
    },
    end() {
      for (let left = END_MS; !flush() && failure === 'EAGAIN' && left > 0; left -= END_STEP_MS)
        standStill(END_STEP_MS);
      clearTimeout(timer);
    },
  };
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
