import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import type { MintOptions } from '../../src/emulator/entra/caller-token.ts';

/** An emulator and short ways to speak to it. */
export interface Scene extends Emulator {
  /** Back to what it was at its start, but for registered credentials and signing keys. */
  reset(): void;
  /** Sends a token request: the right one, but for `changes`; undefined leaves a field out. */
  exchange(
    changes?: Record<string, string | undefined>,
    options?: { tenant?: string; headers?: Record<string, string> },
  ): Promise<Answer>;
  /** A token for Graph, from a caller's token that was minted with these options. */
  graphToken(options?: MintOptions, changes?: Record<string, string | undefined>): Promise<string>;
  /** Calls Graph, `path` below the version; an object body goes out as JSON. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
}

/** How a call differs from the ordinary one. */
export interface CallOptions {
  token?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** An answer, read whole. `body` is empty when the text is no JSON object. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export const COLLECTION = '/RemoteHelpSessionRetrieveResponse';

/** Starts an emulator for a test file. */
export async function startScene(options?: Parameters<typeof startEmulator>[0]): Promise<Scene> {
  const emulator = await startEmulator(options);
  const { entra, graph } = emulator;
  const exchange: Scene['exchange'] = async (changes = {}, { tenant = entra.tenantId, headers = {} } = {}) => {
    const fields: Record<string, string | undefined> = {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      client_id: entra.clientId,
      client_secret: entra.clientSecret,
      scope: `${graph.origin}/.default`,
      assertion: entra.mintToken(),
      ...changes,
    };
    const form = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const body = new URLSearchParams(form);
    return read(await fetch(`${entra.origin}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body, headers }));
  };
  const graphToken: Scene['graphToken'] = async (mint = {}, changes = {}) =>
    String((await exchange({ assertion: entra.mintToken(mint), ...changes })).body.access_token);
  let usual: string | undefined;
  return {
    ...emulator,
    reset() {
      entra.reset();
      graph.reset();
    },
    exchange,
    graphToken,
    async call(method, path, { token, headers = {}, body } = {}) {
      if (token === undefined) usual ??= await graphToken();
      const isJson = body !== undefined && typeof body !== 'string';
      return read(
        await fetch(graph.baseUrl + path, {
          method,
          headers: {
            Authorization: `Bearer ${token ?? usual}`,
            ...(isJson ? { 'Content-Type': 'application/json' } : {}),
            ...headers,
          },
          ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
        }),
      );
    },
  };
}

/** Reads an answer whole. */
export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}
