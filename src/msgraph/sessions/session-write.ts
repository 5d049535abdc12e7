import { GatewayError, type UpdateOutcome } from '../../errors.ts';
import type { GraphDrift } from '../../observability/telemetry/graph-drift.ts';
import type { Allowance } from '../client/allowance.ts';
import type { GraphClient, GraphRequest, GraphSession } from '../client/graph-client.ts';
import { detailsOf, type GraphAnswer } from '../client/read-graph-answer.ts';
import type { SessionRead, SessionReader } from './read-sessions.ts';

/**
 * One way of changing sessions: what is sent, how the answer is read, and how to find out what became of it. All else
 * about a change is the same for each of them, and in `createSessionWrite`.
 * @typeParam Asked what the client asks for
 * @typeParam Done what the client is answered
 */
export interface SessionWrite<Asked, Done> {
  /** What is sent. @throws GatewayError for what cannot be sent */
  request(asked: Asked): Omit<GraphRequest, 'intent'>;
  /** Reads the answer of a change that was made. @throws GatewayError, whose `outcome` is APPLIED unless it says more */
  read(asked: Asked, answer: GraphAnswer, session: GraphSession): Done | Promise<Done>;
  /** Where to look, once, for what became of it when nobody knows; undefined when nothing tells where. */
  look(asked: Asked): SessionRead | undefined;
  /**
   * What the look tells.
   * @param found Graph's answer as it came; null when Graph knows no such session
   * @returns undefined when that leaves it open
   */
  settle(asked: Asked, found: GraphAnswer | null, session: GraphSession): Done | undefined;
}

export interface SessionWriteOptions {
  readonly client: GraphClient;
  readonly allowance: Allowance;
  readonly reader: Pick<SessionReader, 'readRaw'>;
  /** Path of the collection below the Graph root, without a leading slash. */
  readonly sessionsPath: string;
  /** Told how Graph's objects differ from what is known of their type. */
  readonly drift?: GraphDrift | undefined;
}

/**
 * Makes a change of one kind. @returns a function that sends it and answers what came of it; it throws GatewayError
 * with `outcome`: NOT_APPLIED for what was not sent or was refused, APPLIED when only the answer is at fault, UNKNOWN
 * when one look could not tell.
 */
export function createSessionWrite<Asked, Done>(
  write: SessionWrite<Asked, Done>,
  { client, allowance, reader }: SessionWriteOptions,
): (asked: Asked, session: GraphSession) => Promise<Done> {
  return async (asked, session) => {
    // Of a failure that does not say itself what became of the change.
    let outcome: UpdateOutcome = 'NOT_APPLIED';
    let answer: GraphAnswer | undefined;
    try {
      const request: GraphRequest = { ...write.request(asked), intent: 'update' };
      let refusal = allowance.spend(session.callerKey, 1);
      if (refusal instanceof Promise) refusal = await refusal;
      if (refusal !== undefined) throw refusal;
      answer = await client.call(request, session);
      outcome = 'APPLIED';
      return await write.read(asked, answer, session);
    } catch (failure) {
      if (!(failure instanceof GatewayError)) throw failure;
      const { details } = failure;
      const graph = details.graph ?? (answer && detailsOf(answer));
      const error = failure.with({ outcome: details.outcome ?? outcome, graph });
      if (error.details.outcome !== 'UNKNOWN') throw error;
      const done = await lookBack(asked, session);
      if (done === undefined) throw error;
      return done;
    }
  };

  async function lookBack(asked: Asked, session: GraphSession): Promise<Done | undefined> {
    const place = write.look(asked);
    if (place === undefined) return undefined;
    // The look counts, but what is left of the allowance must not decide whether the client learns what was done.
    await allowance.spend(session.callerKey, 1);
    try {
      return write.settle(asked, await reader.readRaw(place, session), session);
    } catch (failure) {
      const gone = failure instanceof GatewayError && failure.code === 'NOT_FOUND';
      return gone ? write.settle(asked, null, session) : undefined;
    }
  }
}
