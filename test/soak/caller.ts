import { setTimeout as sleep } from 'node:timers/promises';
import { type Agent, request } from 'undici';
import type { Observed, Oracle } from './oracle.ts';
import type { Random } from './random.ts';

export interface CallerOptions {
  readonly url: string;
  readonly agent: Agent;
  readonly tokens: readonly string[];
  /** What its sessions' ids begin with. */
  readonly owner: string;
  readonly sessions: number;
  readonly random: Random;
  readonly oracle: Oracle;
  readonly isOver: () => boolean;
}

/** Pause between two operations of a caller, so that the machine is busy but not the limit. */
const THINK_MS = 60;
const HANG_UP = 0.04;
let values = 0;

/** Asks and updates until it is over, and shows every answer to the oracle. */
export async function runCaller(options: CallerOptions): Promise<void> {
  const { random, isOver } = options;
  while (!isOver()) {
    await sleep(random.next() * THINK_MS);
    await askOnce(options);
  }
}

async function askOnce({ url, agent, tokens, owner, sessions, random, oracle }: CallerOptions): Promise<void> {
  const id = () => `${owner}${random.integer(0, sessions - 1)}`;
  const kind = random.pick([
    'single',
    'single',
    'single',
    'batch',
    'batch',
    'list',
    'update',
    'update',
    'update',
  ] as const);
  const target = id();
  values += 1;
  const sent = `${target}:${values}`;
  const hangUp = random.chance(HANG_UP) ? AbortSignal.timeout(random.integer(1, 300)) : undefined;
  const began = performance.now();
  const observe = (rest: Pick<Observed, 'status' | 'body'>) =>
    oracle.observe({ kind, owner, durationMs: performance.now() - began, ...rest, ...(kind === 'update' && { sent }) });
  try {
    const { statusCode, body } = await request(`${url}/graphql`, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${random.pick(tokens)}` },
      body: JSON.stringify(
        operation(kind, { target, sent, ids: Array.from({ length: sessions }, (_, each) => `${owner}${each}`) }),
      ),
      ...(hangUp !== undefined && { signal: hangUp }),
    });
    observe({ status: statusCode, body: parse(await body.text()) });
  } catch (failure) {
    // A broken connection that the caller did not break itself is a lost answer.
    if (hangUp?.aborted !== true) observe({ status: 0, body: undefined });
    else if (!(failure instanceof Error)) throw failure;
  }
}

function operation(kind: Observed['kind'], { target, sent, ids }: { target: string; sent: string; ids: string[] }) {
  switch (kind) {
    case 'single':
      return {
        query: 'query ($id: ID!) { answer: remoteHelpSessionResponse(id: $id) { id deviceName sessionTypes } }',
        variables: { id: target },
      };
    case 'batch':
      return {
        query: 'query ($ids: [ID!]!) { answer: remoteHelpSessionResponsesById(ids: $ids) { id deviceName } }',
        variables: { ids },
      };
    case 'list':
      return { query: '{ answer: remoteHelpSessionResponses(first: 5) { nodes { id deviceName } } }' };
    case 'update':
      return {
        query: `mutation ($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
          answer: updateRemoteHelpSessionResponse(id: $id, input: $input) {
            remoteHelpSessionResponse { id deviceName sessionTypes } } }`,
        variables: {
          id: target,
          input: {
            deviceName: sent,
            sessionTypes: ['ELEVATION', 'VIEW_SCREEN'],
            sessionExpirationDateTime: '2031-03-01T09:30:00.1234567-08:00',
            acsHelperUserToken: 'fake-acs-helper-user-token',
          },
        },
      };
    default:
      return kind satisfies never;
  }
}

function parse(text: string): Observed['body'] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
