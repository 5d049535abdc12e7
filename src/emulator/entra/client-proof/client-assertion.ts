import type { KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import { isWithinValidity, readJws, textClaim, type UnverifiedJws } from '../jws.ts';
import { refuse, type TokenRefusal } from '../token-refusal.ts';
import type { CertificateStore } from './certificate-store.ts';
import type { FederatedStore } from './federated-store.ts';

/** Which client assertions are believed. */
export interface ClientAssertionTrust {
  readonly clientId: string;
  /** The audiences of an assertion that the app signed itself: the token endpoint's address, or the issuer. */
  readonly audiences: readonly string[];
  readonly certificates: CertificateStore;
  readonly federated: FederatedStore;
  readonly nowSeconds: number;
}

/** Checks a client assertion: signed by the app's certificate when it names the app as issuer, else federated. */
export async function checkClientAssertion(
  assertion: string,
  trust: ClientAssertionTrust,
): Promise<TokenRefusal | undefined> {
  const jws = readJws(assertion);
  if (jws === undefined) return refuse(50027, 'invalid_client', 'JWT token is invalid or malformed.');
  const [iss, sub] = [textClaim(jws.claims, 'iss'), textClaim(jws.claims, 'sub')];
  return iss === sub || iss === trust.clientId
    ? checkCertificateAssertion(assertion, jws, trust)
    : checkFederatedAssertion(assertion, jws, trust);
}

async function checkCertificateAssertion(
  assertion: string,
  { header, claims }: UnverifiedJws,
  trust: ClientAssertionTrust,
): Promise<TokenRefusal | undefined> {
  if (claims.iss !== trust.clientId || claims.sub !== trust.clientId) {
    return refuse(
      700021,
      'invalid_client',
      "Client assertion application identifier doesn't match 'client_id' parameter.",
    );
  }
  const key = trust.certificates.find(header);
  if (key === undefined) {
    return refuse(
      700027,
      'invalid_client',
      'The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.]',
    );
  }
  if (!(await isSignedBy(assertion, key))) {
    return refuse(50012, 'invalid_client', 'Authentication failed: client assertion contains an invalid signature.');
  }
  if (!isWithinValidity(claims, trust.nowSeconds)) return outsideValidity();
  const isHere = (audience: unknown) => trust.audiences.some((one) => isSameEndpoint(audience, one));
  if (!audiences(claims.aud).some(isHere)) {
    return refuse(700023, 'invalid_client', 'Client assertion audience claim does not match Realm issuer.');
  }
  return undefined;
}

async function checkFederatedAssertion(
  assertion: string,
  { header, claims }: UnverifiedJws,
  trust: ClientAssertionTrust,
): Promise<TokenRefusal | undefined> {
  const noMatch = (code: number, part: string): TokenRefusal =>
    refuse(
      code,
      'invalid_client',
      `No matching federated identity record found for presented assertion ${part}. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`,
    );
  const ofIssuer = trust.federated.list().filter(({ issuer }) => issuer === claims.iss);
  if (ofIssuer.length === 0) return noMatch(700211, `issuer '${String(claims.iss)}'`);
  const ofSubject = ofIssuer.filter(({ subject }) => subject === claims.sub);
  if (ofSubject.length === 0) return noMatch(700213, `subject '${String(claims.sub)}'`);
  const record = ofSubject.find(({ audience }) => audiences(claims.aud).includes(audience));
  if (record === undefined) return noMatch(700212, 'audience');
  const key = record.find(header);
  if (key === undefined || !(await isSignedBy(assertion, key))) {
    return refuse(700027, 'invalid_client', 'Client assertion failed signature validation.');
  }
  return isWithinValidity(claims, trust.nowSeconds) ? undefined : outsideValidity();
}

const outsideValidity = (): TokenRefusal =>
  refuse(700024, 'invalid_client', 'Client assertion is not within its valid time range.');

async function isSignedBy(assertion: string, key: KeyObject): Promise<boolean> {
  try {
    await compactVerify(assertion, key, { algorithms: ['RS256', 'PS256'] });
    return true;
  } catch {
    return false;
  }
}

const audiences = (aud: unknown): unknown[] => (Array.isArray(aud) ? aud : [aud]);

/** The scheme does not count: some libraries insist on https, so tests speak to this server through a rewriting client. */
const isSameEndpoint = (one: unknown, other: string): boolean =>
  typeof one === 'string' && one.replace(/^https:/, 'http:') === other;
