import { jsonText, jsonTexts } from './json-text.ts';

export type AuditedAct = 'update' | 'create' | 'delete' | 'read';

/** What an auditor reads: who, with which client app, which session, which fields, and what became of it. No values. */
export interface AuditEntry {
  /** The GraphQL field. */
  readonly action: string;
  readonly tid: string | undefined;
  readonly oid: string | undefined;
  readonly azp: string | undefined;
  /** A hash of the session's id; a list of them for a read of several. Undefined for one whose id nobody knows: a create that failed. */
  readonly session: string | readonly string[] | undefined;
  /** How many sessions a list answered beside those, without anything that names them; undefined for none. */
  readonly unknownSessions?: number | undefined;
  /** Names: those that were sent; of a read, those that are secrets. */
  readonly fields: readonly string[];
  /** Names of the secrets that the answer of a change holds; undefined for none. */
  readonly read?: readonly string[] | undefined;
  readonly outcome: string;
  readonly code: string | undefined;
  readonly graphRequestIds: readonly string[];
  readonly clientRequestIds: readonly string[];
  readonly durationMs: number;
}

/**
 * One audit line, in pino's form. Its field names are public; docs/operating.md lists them.
 * @param time milliseconds since 1970
 */
export function auditLine(act: AuditedAct, requestId: string, entry: AuditEntry, time: number): string {
  const { action, tid, oid, azp, session, unknownSessions, fields, read, outcome, code } = entry;
  let json = `{"level":30,"time":${time},"reqId":${jsonText(requestId)},"audit":{"action":${jsonText(action)}`;
  if (tid !== undefined) json += `,"tid":${jsonText(tid)}`;
  if (oid !== undefined) json += `,"oid":${jsonText(oid)}`;
  if (azp !== undefined) json += `,"azp":${jsonText(azp)}`;
  if (session !== undefined)
    json += `,"session":${typeof session === 'string' ? jsonText(session) : jsonTexts(session)}`;
  if (unknownSessions !== undefined) json += `,"unknownSessions":${unknownSessions}`;
  json += `,"fields":${jsonTexts(fields)}`;
  if (read !== undefined) json += `,"read":${jsonTexts(read)}`;
  json += `,"outcome":${jsonText(outcome)}`;
  if (code !== undefined) json += `,"code":${jsonText(code)}`;
  json += `,"graphRequestIds":${jsonTexts(entry.graphRequestIds)},"clientRequestIds":${jsonTexts(entry.clientRequestIds)}`;
  return `${json},"durationMs":${Math.round(entry.durationMs)}},"msg":"${act}"}\n`;
}
