import type { Emulator } from '../../src/emulator/emulator.ts';
import {
  applied,
  delayed,
  dropConnection,
  entraError,
  type Fault,
  graphError,
  hang,
  repeated,
  throttled,
  unavailable,
} from '../../src/emulator/faults.ts';
import type { Random } from './random.ts';

/** How often the scripted faults are thrown away and new ones take their place. */
const CHANGE_MS = 100;
/** How often, on average, one of the two servers goes away, or tokens are revoked. */
const OUTAGE_EVERY_MS = 15_000;
const json = { 'Content-Type': 'application/json' };
const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';

/** Makes Entra and Graph fail at random until it is stopped; then both are well again. */
export function startRandomFaults(emulator: Emulator, random: Random, callers: readonly string[]) {
  const { entra, graph } = emulator;
  let outage: Promise<void> | undefined;
  const timer = setInterval(() => {
    graph.clearFaults();
    entra.clearFaults();
    graph.requireClaims(undefined);
    if (random.chance(0.6)) graph.respondWith(graphFaults(random));
    if (random.chance(0.3)) entra.respondWith(entraFaults(random));
    if (random.chance(0.02)) graph.rejectTokensIssuedBefore(Date.now());
    if (random.chance(0.02)) graph.requireClaims(claims, { oid: random.pick(callers) });
    graph.patchAnswers = random.pick([200, 200, 204]);
    graph.wrapSingles = random.chance(0.5);
    if (outage === undefined && random.chance(CHANGE_MS / OUTAGE_EVERY_MS)) {
      const server = random.pick([graph, entra]);
      outage = goAway(server, random.integer(50, 600)).then(() => {
        outage = undefined;
      });
    }
  }, CHANGE_MS);
  return {
    async stop() {
      clearInterval(timer);
      await outage;
      graph.clearFaults();
      entra.clearFaults();
      graph.requireClaims(undefined);
      Object.assign(graph, { patchAnswers: 200, wrapSingles: true });
    },
  };
}

async function goAway(server: { stop(): Promise<void>; start(): Promise<void> }, milliseconds: number) {
  await server.stop();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  await server.start();
}

/** Graph lies about nothing here: what it answers with 429, 503 or 4xx it has not done. */
function graphFaults(random: Random): Fault[] {
  const text = (body: string): Fault => ({ status: 200, headers: json, body });
  const may = (fault: Fault) => (random.chance(0.5) ? applied(fault) : fault);
  const kinds: (() => Fault)[] = [
    () => may(graphError(500, 'generalException')),
    () => may(unavailable(502)),
    () => may(graphError(504, 'timeout')),
    () => unavailable(503),
    () => unavailable(503, random.integer(1, 3)),
    () => throttled(),
    () => (random.chance(0.1) ? throttled(random.integer(0, 3)) : throttled(0)),
    () => graphError(403, 'Forbidden'),
    () => graphError(409, 'Conflict'),
    () => graphError(401, 'InvalidAuthenticationToken'),
    () => graphError(400, 'BadRequest', "Resource not found for the segment 'x'."),
    () => may(dropConnection()),
    () => may(dropConnection('mid-body')),
    () => may(hang()),
    () => delayed(random.integer(1, 400)),
    () => may({ status: 200, body: '<!DOCTYPE html>' }),
    () => may(text('{"value":{"deviceName":')),
    () => may(text(random.pick(['[]', 'null', '"x"', '7', '{"value":null}']))),
    () => may({ status: 302, headers: { Location: 'http://127.0.0.1:9/' }, body: '' }),
  ];
  return Array.from({ length: random.integer(1, 4) }, () => {
    const fault = repeated(random.integer(1, 4), random.pick(kinds)());
    return random.chance(0.3) ? { ...fault, match: { inBatch: true } } : fault;
  }).filter((fault) => fault.match === undefined || fault.hang === undefined);
}

function entraFaults(random: Random): Fault[] {
  const kinds: (() => Fault)[] = [
    () => entraError(50076, { error: 'interaction_required', claims }),
    () => entraError(65001, { suberror: 'consent_required' }),
    () => entraError(500133),
    // Two in a row are everybody’s for a second or more; often, nothing else would be tried any more.
    () =>
      random.chance(0.1)
        ? entraError(7000215, { error: 'invalid_client', status: 401 })
        : unavailable(random.pick([500, 502, 503])),
    () => throttled(random.integer(0, 3)),
    () => unavailable(random.pick([500, 502, 503])),
    () => dropConnection(random.pick(['before-headers', 'mid-body'])),
    () => hang(),
    () => delayed(random.integer(1, 400)),
    () => ({ status: 200, body: '<!DOCTYPE html>' }),
    () => ({ status: 200, headers: json, body: '{"token_type":"Bearer","expires_in":3600}' }),
  ];
  const match = { method: 'POST' };
  return Array.from({ length: random.integer(1, 3) }, () => ({
    ...repeated(random.integer(1, 3), random.pick(kinds)()),
    match,
  }));
}
