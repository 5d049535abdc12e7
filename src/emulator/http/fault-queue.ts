import type { Fault } from '../faults.ts';

/** What a fault's `match` is held against. */
export interface FaultSubject {
  readonly method: string;
  /** Every spelling under which the request's address may be named: a batch entry has two. */
  readonly paths: readonly string[];
  readonly oid: string | undefined;
  readonly inBatch: boolean;
}

/** Faults waiting for the requests they match. */
export interface FaultQueue {
  add(faults: Fault | readonly Fault[]): void;
  /** The first fault that matches, with one of its times used up. */
  take(subject: FaultSubject): Fault | undefined;
  clear(): void;
}

/** Far more than a script needs; the control surface must not grow memory without end. */
const MOST_FAULTS = 1_000;

/** An empty queue of faults. */
export function createFaultQueue(): FaultQueue {
  let waiting: { fault: Fault; left: number }[] = [];
  return {
    add(faults) {
      const added = Array.isArray(faults) ? faults : [faults];
      if (waiting.length + added.length > MOST_FAULTS) throw new RangeError(`more than ${MOST_FAULTS} faults waiting`);
      waiting.push(...added.map((fault: Fault) => ({ fault, left: fault.times ?? 1 })));
    },
    take(subject) {
      const found = waiting.find(({ fault, left }) => left > 0 && matches(fault, subject));
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left <= 0) waiting = waiting.filter((one) => one !== found);
      return found.fault;
    },
    clear() {
      waiting = [];
    },
  };
}

function matches({ match = {} }: Fault, subject: FaultSubject): boolean {
  return (
    (match.inBatch ?? false) === subject.inBatch &&
    (match.method === undefined || match.method.toUpperCase() === subject.method) &&
    (match.oid === undefined || match.oid === subject.oid) &&
    (match.path === undefined || subject.paths.some((path) => pathMatches(match.path ?? '', path)))
  );
}

function pathMatches(wanted: string | RegExp, url: string): boolean {
  if (typeof wanted === 'string') return url.startsWith(wanted);
  // `search` begins at the start whatever lastIndex a global RegExp remembers.
  return url.search(wanted) !== -1 || (url.split('?')[0] ?? '').search(wanted) !== -1;
}
