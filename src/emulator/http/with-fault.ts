import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../faults.ts';
import type { Answer, Outcome } from './outcome.ts';

/** What becomes of a request that meets `fault`, or none. `signal` ends waits when the server stops. */
export async function withFault(
  fault: Fault | undefined,
  carryOut: () => Promise<Outcome>,
  signal: AbortSignal,
): Promise<Outcome> {
  if (fault === undefined) return carryOut();
  const done = fault.apply === true ? await carryOut() : undefined;
  if (fault.delayMs !== undefined && fault.delayMs > 0) {
    try {
      await sleep(fault.delayMs, undefined, { signal });
    } catch {
      return { kind: 'hang' }; // the server has stopped: nobody is left to answer
    }
  }
  if (fault.hang === true) return { kind: 'hang' };
  if (fault.drop === 'before-headers') return { kind: 'drop', at: 'before-headers' };
  if (fault.drop === 'mid-body') return { kind: 'drop', at: 'mid-body', answer: cutShort(fault, done) };
  if (fault.status !== undefined) return { kind: 'answer', answer: scripted(fault, fault.status) };
  return done ?? carryOut();
}

/** What is half sent before the connection breaks: the scripted answer, else the real one, else some JSON. */
function cutShort(fault: Fault, done: Outcome | undefined): Answer {
  if (fault.status !== undefined) return scripted(fault, fault.status);
  if (done?.kind === 'answer' && done.answer.body !== undefined) return done.answer;
  return scripted({ ...fault, body: { value: 'this answer breaks off' } }, 200);
}

function scripted(fault: Fault, status: number): Answer {
  const type = typeof fault.body === 'string' ? { 'Content-Type': 'text/html; charset=utf-8' } : {};
  return { status, headers: { ...type, ...fault.headers }, ...(fault.body === undefined ? {} : { body: fault.body }) };
}
