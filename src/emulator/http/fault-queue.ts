import type { Fault } from '../faults.ts';
import type { JsonObject } from '../json.ts';

/** What a fault's `match` is held against. */
export interface FaultSubject {
  readonly method: string;
  /** Every spelling under which the request's address may be named: a batch entry has two. */
  readonly paths: readonly string[];
  readonly oid: string | undefined;
  readonly inBatch: boolean;
  /** Of the token that the request presents, proved or not; empty without one. */
  readonly claims: JsonObject;
  /** Entra: the grant that is asked for. */
  readonly grant?: string | undefined;
}

/** A fault, and what its `match` cannot say. With `meets` a fault without `match.inBatch` says itself whether it meets entries of batches. */
export interface WaitingFault extends Fault {
  meets?: (subject: FaultSubject) => boolean;
}

/** Faults waiting for the requests they match. */
export interface FaultQueue {
  add(faults: WaitingFault | readonly WaitingFault[]): void;
  hasRoom(count: number): boolean;
  /** The first fault that matches, with one of its times used up. */
  take(subject: FaultSubject): Fault | undefined;
  clear(): void;
}

/** Far more than a script needs; the control surface must not grow memory without end. */
const MOST_FAULTS = 1_000;

/** An empty queue of faults. */
export function createFaultQueue(): FaultQueue {
  let waiting: { fault: WaitingFault; left: number }[] = [];
  return {
    add(faults) {
      const added: readonly WaitingFault[] = Array.isArray(faults) ? faults : [faults];
      if (waiting.length + added.length > MOST_FAULTS) throw new RangeError(`more than ${MOST_FAULTS} faults waiting`);
      waiting.push(...added.map((fault) => ({ fault, left: fault.times ?? 1 })));
    },
    hasRoom: (count) => waiting.length + count <= MOST_FAULTS,
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

function matches({ match = {}, meets }: WaitingFault, subject: FaultSubject): boolean {
  const place = match.inBatch ?? (meets === undefined ? false : undefined);
  return (
    (place === undefined || place === subject.inBatch) &&
    (meets === undefined || meets(subject)) &&
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
