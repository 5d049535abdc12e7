import { GatewayError } from '../../errors.ts';
import type {
  CreateRemoteHelpSessionResponseInput,
  SessionType,
  UpdateRemoteHelpSessionResponseInput,
} from '../../generated/graphql.ts';
import { asRecord } from '../client/json-object.ts';
import { isDateTimeOffset, isSameInstant } from './date-time-offset.ts';
import { noteDrift } from './note-drift.ts';
import { type Reading, senseless } from './reading.ts';
import { type GraphProperty, isProperty, SESSION_TYPE, type TextProperty } from './session-properties.ts';
import { mostPrivileged, readSessionTypes, writeSessionTypes } from './session-type.ts';

const TYPE = '@odata.type';
const ODATA_TYPE = `#${SESSION_TYPE}`;

/** A property's value, or the error of that field alone when Graph's value makes no sense. graphql-js throws it there. */
type Read<T> = T | null | GatewayError;

/** A session as this gateway answers it. A property that was not asked for reads as null. */
export type RemoteHelpSession = { readonly id: string | GatewayError } & {
  readonly [P in TextProperty | 'sessionExpirationDateTime']: Read<string>;
} & { readonly sessionType: Read<SessionType>; readonly sessionTypes: Read<SessionType[]> };

/** What became of a read: the session, null when Graph does not find it, or the error of this one alone. */
export type SessionResult = RemoteHelpSession | GatewayError | null;

/** Graph's keys are opaque; longer ones than this are none. */
const MAX_ID_LENGTH = 512;

/** What OData reads as something else than a key: $count and its like, a function's call, a cast to another type. */
const NOT_A_KEY = /^\.{0,2}$|^\$|[()]|^microsoft\.graph\./i;

/**
 * The percent-encoded path segment of a key.
 * @throws GatewayError BAD_USER_INPUT for a key that cannot be one segment, or that OData would read as something else
 */
export function sessionSegment(id: string): string {
  if (id.length > MAX_ID_LENGTH || !id.isWellFormed() || NOT_A_KEY.test(id)) {
    throw new GatewayError(
      'BAD_USER_INPUT',
      `An id must have 1 to ${MAX_ID_LENGTH} characters, hold no parentheses, not be "." or "..", and not begin with "$" or "microsoft.graph.".`,
    );
  }
  return encodeURIComponent(id);
}

/** The properties for the given GraphQL fields of a session; none may be left. In a list, `id` is the session key. */
export function selectedProperties(fields: Iterable<string>, form: 'single' | 'list'): GraphProperty[] {
  const properties = new Set<GraphProperty>();
  for (const field of fields) {
    if (field === 'sessionTypes') properties.add('sessionType');
    else if (field === 'id') form === 'list' && properties.add('sessionKey');
    else if (isProperty(field)) properties.add(field);
  }
  return [...properties];
}

/**
 * Reads Graph's object, wrapped in `value` or not (both are documented), with or without annotations.
 * @throws GatewayError UPSTREAM_UNAVAILABLE when there is no object
 */
export function readSession(id: string, body: unknown, reading: Reading = {}): RemoteHelpSession {
  const value = unwrapped(body);
  if (value === undefined || 'error' in value) throw senseless(reading);
  return sessionOf(id, value, reading);
}

/** Reads an entry of a list, whose key is its own `id`, or else its session key. */
export function readListedSession(entry: unknown, reading: Reading = {}): RemoteHelpSession | GatewayError {
  const value = asRecord(entry);
  if (value === undefined) return senseless(reading);
  return sessionOf(keyOf(value) ?? senseless(reading), value, reading);
}

/**
 * Reads a session that was just created, wrapped or not: its key is its own `id`, or else its session key.
 * @throws GatewayError UPSTREAM_UNAVAILABLE when there is no object, or one without a key
 */
export function readCreatedSession(body: unknown, reading: Reading): RemoteHelpSession {
  const value = unwrapped(body);
  const id = value && keyOf(value);
  if (value === undefined || id === undefined || 'error' in value) throw senseless(reading);
  return sessionOf(id, value, reading);
}

/** What a client gives of a session, whatever is done with it. */
export type SessionInput = CreateRemoteHelpSessionResponseInput | UpdateRemoteHelpSessionResponseInput;

/** A session as it is sent to Graph. */
type WrittenSession = Readonly<Record<string, string | null>>;

/**
 * The body of a change: exactly the given fields, explicit nulls included.
 * @throws GatewayError BAD_USER_INPUT
 */
export function writtenSession(input: SessionInput): WrittenSession {
  const body: Record<string, string | null> = { [TYPE]: ODATA_TYPE };
  if (input.sessionType !== undefined && input.sessionTypes !== undefined) {
    throw new GatewayError('BAD_USER_INPUT', 'Give sessionType or sessionTypes, not both.');
  }
  for (const [field, value] of Object.entries(input)) {
    if (value === undefined) continue;
    if (field === 'sessionType' || field === 'sessionTypes') {
      body.sessionType = value === null ? null : writtenSessionType(field, [value].flat() as SessionType[]);
    } else if (isProperty(field)) body[field] = value as string | null;
  }
  if (Object.keys(body).length === 1) {
    throw new GatewayError('BAD_USER_INPUT', 'The input names no field.');
  }
  return body;
}

/** What to ask Graph for in order to hold a session against what was given, and to answer what was selected. */
export function propertiesToCompare(input: SessionInput, selected: readonly GraphProperty[]): GraphProperty[] {
  return [...new Set([...givenProperties(writtenSession(input)), ...selected])];
}

function givenProperties(written: WrittenSession): GraphProperty[] {
  return Object.keys(written).filter(isProperty);
}

/** Whether what was read holds every value that was given, however Graph spells it. */
export function holdsValues(body: unknown, input: SessionInput): boolean {
  const value = unwrapped(body);
  const written = writtenSession(input);
  return (
    value !== undefined &&
    givenProperties(written).every((name) => isSame(name, written[name] ?? null, value[name] ?? null))
  );
}

function keyOf({ id, sessionKey }: Readonly<Record<string, unknown>>): string | undefined {
  return [id, sessionKey].find((each): each is string => typeof each === 'string' && each !== '');
}

/** Graph's object: a single one may stand in `value`, which is no property of this type. */
function unwrapped(body: unknown): Record<string, unknown> | undefined {
  const object = asRecord(body);
  return object !== undefined && 'value' in object ? asRecord(object.value) : object;
}

function isSame(name: GraphProperty, sent: string | null, read: unknown): boolean {
  if (sent === null || typeof read !== 'string') return sent === read;
  if (name === 'sessionExpirationDateTime') return isSameInstant(sent, read);
  if (name === 'sessionType') return String(readSessionTypes(sent)?.sort()) === String(readSessionTypes(read)?.sort());
  return sent === read;
}

function sessionOf(
  id: string | GatewayError,
  value: Readonly<Record<string, unknown>>,
  reading: Reading,
): RemoteHelpSession {
  const types = value.sessionType == null ? null : readSessionTypes(value.sessionType);
  const typesError = types === undefined ? senselessProperty('sessionType', reading) : undefined;
  if (reading.drift !== undefined) {
    noteDrift(reading.drift, value, types?.includes('UNKNOWN_FUTURE_VALUE') ?? false);
  }
  const expiry = text(value, 'sessionExpirationDateTime', reading);
  return {
    id,
    sessionKey: text(value, 'sessionKey', reading),
    acsHelperUserToken: text(value, 'acsHelperUserToken', reading),
    acsHelperUserId: text(value, 'acsHelperUserId', reading),
    acsSharerUserId: text(value, 'acsSharerUserId', reading),
    acsGroupId: text(value, 'acsGroupId', reading),
    deviceName: text(value, 'deviceName', reading),
    pubSubGroupId: text(value, 'pubSubGroupId', reading),
    pubSubHelperAccessUri: text(value, 'pubSubHelperAccessUri', reading),
    webClientUri: text(value, 'webClientUri', reading),
    sessionType: typesError ?? (types ? mostPrivileged(types) : null),
    sessionTypes: typesError ?? types ?? null,
    sessionExpirationDateTime:
      typeof expiry !== 'string' || isDateTimeOffset(expiry)
        ? expiry
        : senselessProperty('sessionExpirationDateTime', reading),
  };
}

function text(value: Readonly<Record<string, unknown>>, property: GraphProperty, reading: Reading): Read<string> {
  const read = value[property] ?? null;
  return read === null || typeof read === 'string' ? read : senselessProperty(property, reading);
}

function writtenSessionType(field: string, types: readonly SessionType[]): string {
  const written = writeSessionTypes(types);
  if (written !== undefined) return written;
  throw new GatewayError('BAD_USER_INPUT', `${field} must name at least one kind, and not UNKNOWN_FUTURE_VALUE.`);
}

function senselessProperty(property: GraphProperty, reading: Reading): GatewayError {
  reading.drift?.note('wrong_type', property);
  return senseless(reading, `Microsoft Graph's value of ${property} makes no sense.`);
}
