import type { ReceivedRequest } from '../http/received-request.ts';

/** A token request's form, and the client's name and secret when they came as HTTP Basic instead. */
export interface TokenForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly basic: { readonly clientId: string; readonly password: string } | undefined;
  get(name: string): string | undefined;
}

/** Reads the form; a body of another content type has no fields, as in Entra. */
export function readTokenForm(request: ReceivedRequest): TokenForm {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
  const fields = isForm ? Object.fromEntries(new URLSearchParams(request.body)) : {};
  return {
    fields,
    basic: readBasic(request.headers.authorization),
    get: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
  };
}

function readBasic(authorization = ''): TokenForm['basic'] {
  const encoded = /^basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon === -1) return undefined;
  return { clientId: formDecoded(pair.slice(0, colon)), password: formDecoded(pair.slice(colon + 1)) };
}

/** RFC 6749 2.3.1: both halves are form-encoded before they are joined. */
const formDecoded = (text: string): string => new URLSearchParams(`x=${text}`).get('x') ?? '';
