import { randomBytes } from 'node:crypto';
import { addControlSurface } from '../control/control-surface.ts';
import { createBoundedLog } from '../http/bounded-log.ts';
import { createFaultQueue } from '../http/fault-queue.ts';
import type { Answer, Outcome } from '../http/outcome.ts';
import type { ReceivedRequest } from '../http/received-request.ts';
import { createStoppableServer } from '../http/stoppable-server.ts';
import { withFault } from '../http/with-fault.ts';
import { callerClaims } from './caller-token.ts';
import { createCertificateStore } from './client-proof/certificate-store.ts';
import { createFederatedStore } from './client-proof/federated-store.ts';
import type { EntraEmulator, EntraRequest } from './entra-emulator.ts';
import { withEntraHeaders } from './entra-headers.ts';
import { readJws, textClaim } from './jws.ts';
import { entraPresets } from './presets.ts';
import { answerAuthorize } from './sign-in/authorize-endpoint.ts';
import { signedOutPage } from './sign-in/pages.ts';
import type { CodeGrant, SignIn } from './sign-in/sign-in.ts';
import { createTicketStore } from './sign-in/ticket-store.ts';
import { createSigningKeys, type SigningKeys } from './signing-keys.ts';
import { createStepUp } from './step-up.ts';
import { tenant } from './tenant.ts';
import { tenantDocuments } from './tenant-documents.ts';
import { addTokenControl } from './token-control.ts';
import { answerTokenRequest } from './token-endpoint.ts';
import { readTokenForm } from './token-form.ts';
import { checkTenant, refusalAnswer, refuse } from './token-refusal.ts';

/** entra-docs: a code lives about ten minutes, a refresh token of a web app 90 days; here a day is for ever. */
const CODE_LIFETIME_MS = 10 * 60_000;
const REFRESH_LIFETIME_MS = 24 * 3_600_000;

/** What an admin decided, until a test decides otherwise. */
const usualPolicy = (): Pick<EntraEmulator, 'consentToSignIn' | 'graphTokenLifetimeSeconds' | 'grantedScopes'> => ({
  consentToSignIn: true,
  graphTokenLifetimeSeconds: 4_000,
  grantedScopes: ['DeviceManagementConfiguration.ReadWrite.All', 'DeviceManagementServiceConfig.ReadWrite.All'],
});

/** Entra, not listening yet, and the keys by which Graph knows its tokens. `resource` is Graph's origin. */
export async function createEntra(options: {
  port: number;
  host: string;
  publicHost: string;
  /** undefined: a new one. */
  clientSecret: string | undefined;
  clock: () => number;
  resource: () => string;
}): Promise<{ entra: EntraEmulator; keys: SigningKeys }> {
  const { clock, clientSecret = `fake~${randomBytes(24).toString('base64url')}` } = options;
  const keys = await createSigningKeys();
  const [certificates, federated, stepUp] = [createCertificateStore(), createFederatedStore(), createStepUp()];
  const signIns = {
    codes: createTicketStore<CodeGrant>({ clock, lifetimeMs: CODE_LIFETIME_MS }),
    refreshTokens: createTicketStore<SignIn>({ clock, lifetimeMs: REFRESH_LIFETIME_MS }),
  };
  const faults = createFaultQueue();
  const log = createBoundedLog<EntraRequest>();

  const answer = async (request: ReceivedRequest): Promise<Answer> => {
    const { origin } = server;
    const route = /^\/([^/]+)\/(.+)$/.exec(new URL(origin + request.url).pathname);
    const [tenantId = '', path = ''] = route?.slice(1) ?? [];
    const refused = (refusal: ReturnType<typeof refuse>): Answer => refusalAnswer(refusal, { origin, now: clock() });
    if (path === 'oauth2/v2.0/authorize' && (request.method === 'GET' || request.method === 'POST')) {
      const { searchParams } = new URL(origin + request.url);
      const fields = request.method === 'GET' ? searchParams : new URLSearchParams(readTokenForm(request).fields);
      const consented = entra.consentToSignIn;
      return answerAuthorize(tenantId, fields, { origin, codes: signIns.codes, consented, now: clock() });
    }
    if (path === 'oauth2/v2.0/logout' && request.method === 'GET') return signedOutPage();
    if (path === 'oauth2/v2.0/token') {
      if (request.method !== 'POST') {
        return refused(
          refuse(
            900561,
            'invalid_request',
            `The endpoint only accepts POST, OPTIONS requests. Received a ${request.method} request.`,
          ),
        );
      }
      return answerTokenRequest(tenantId, readTokenForm(request), {
        origin,
        clientSecret,
        certificates,
        federated,
        keys,
        stepUp,
        signIns,
        resource: options.resource(),
        consented: entra.grantedScopes,
        lifetimeSeconds: entra.graphTokenLifetimeSeconds,
        now: clock(),
      });
    }
    const document = tenantDocuments(origin, tenantId, keys)[path];
    if (document === undefined || request.method !== 'GET') return { status: 404, headers: {} };
    const unknown = checkTenant(tenantId);
    return unknown === undefined ? { status: 200, headers: {}, body: document() } : refused(unknown);
  };

  const handle = async (request: ReceivedRequest, signal: AbortSignal): Promise<Outcome> => {
    const path = request.url.split('?')[0] ?? '';
    const { fields } = readTokenForm(request);
    const entry: EntraRequest = { at: clock(), method: request.method, path, status: undefined };
    const query = Object.fromEntries(new URLSearchParams(request.url.split('?')[1] ?? ''));
    if (Object.keys(query).length > 0) entry.query = query;
    if (Object.keys(fields).length > 0) entry.form = fields;
    log.add(entry);
    const claims = readJws(fields.assertion ?? '')?.claims ?? {};
    const { method, url } = request;
    const [oid, grant] = [textClaim(claims, 'oid'), fields.grant_type];
    const subject = { method, paths: [url], oid, inBatch: false, claims, grant };
    const outcome = await withFault(
      faults.take(subject),
      async () => ({ kind: 'answer', answer: await answer(request) }),
      signal,
    );
    if (outcome.kind !== 'answer') return outcome;
    entry.status = outcome.answer.status;
    return { kind: 'answer', answer: withEntraHeaders(outcome.answer, clock()) };
  };

  const server = createStoppableServer({
    ...options,
    handle,
    addRoutes: (app) => {
      addControlSurface(app, {
        log,
        faults,
        presets: entraPresets,
        reset: () => entra.reset(),
        routes: (control) => addTokenControl(control, entra),
      });
    },
  });

  const entra: EntraEmulator = {
    get origin() {
      return server.origin;
    },
    tenantId: tenant.id,
    clientId: tenant.clientId,
    clientSecret,
    audience: `api://${tenant.clientId}`,
    requests: log.entries,
    ...usualPolicy(),
    mintToken: (mint = {}) =>
      keys.sign(callerClaims(mint, server.origin, Math.floor(clock() / 1_000)), {
        ...(mint.ver === '1.0' ? { x5t: keys.published()[0]?.kid } : {}),
        ...mint.header,
      }),
    rotateKeys: () => keys.rotate(),
    signingKeyPem: () => keys.publicPem(),
    publicKeys: () => ({ keys: keys.published() }),
    acceptCertificate: (pem) => certificates.add(pem),
    acceptFederated: (trust) => federated.add(trust),
    requireClaimsFor: (oid, claims, wording) => stepUp.require(oid, claims, wording),
    respondWith: (scripted) => faults.add(scripted),
    clearFaults: () => faults.clear(),
    clear() {
      log.clear();
      faults.clear();
      stepUp.clear();
      signIns.codes.clear();
      signIns.refreshTokens.clear();
    },
    reset() {
      entra.clear();
      Object.assign(entra, usualPolicy());
    },
    start: () => server.start(),
    stop: () => server.stop(),
  };
  return { entra, keys };
}
