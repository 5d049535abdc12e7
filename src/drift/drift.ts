import { readFileSync } from 'node:fs';
import { request } from 'undici';
import { compare, type Difference, type KnownResource } from './compare.ts';
import { CsdlError, readCsdl } from './read-csdl.ts';

export interface DriftReport {
  /** Lines for a person. */
  readonly text: string;
  /** 0: nothing that the gateway uses is gone or changed; 1: something is; 2: there was nothing to compare with. */
  readonly exitCode: 0 | 1 | 2;
}

export interface DriftOptions {
  readonly known: KnownResource;
  /** A file with Graph's `$metadata`; without it, the metadata is fetched. */
  readonly file: string | undefined;
  /** Graph's root, without a trailing slash. */
  readonly graphBaseUrl: string;
}

/** Graph's beta metadata is about 10 MB; it is fetched without a token. */
const FETCH_TIMEOUT_MS = 60_000;

/** Compares what the gateway knows of a resource with what Graph publishes about it. */
export async function drift({ known, file, graphBaseUrl }: DriftOptions): Promise<DriftReport> {
  const source = file ?? `${graphBaseUrl}/$metadata`;
  try {
    const csdl = readCsdl(file === undefined ? await fetchText(source) : readFileSync(file, 'utf8'));
    return report(source, compare(known, csdl));
  } catch (error) {
    const why = error instanceof CsdlError ? error.message : `It cannot be read: ${(error as Error).message}.`;
    return { text: `${source} is no metadata of Microsoft Graph. ${why}\n`, exitCode: 2 };
  }
}

function report(source: string, differences: readonly Difference[]): DriftReport {
  if (differences.length === 0) return { text: `${source}: nothing has changed.\n`, exitCode: 0 };
  const broken = differences.filter(({ breaks }) => breaks).length;
  const end =
    broken === 0
      ? 'Nothing that the gateway uses is gone.'
      : `${broken} of them: the gateway uses what is gone or changed.`;
  const lines = differences.map(({ text }) => `  ${text}`);
  return {
    text: `${source}: ${differences.length} differences\n${lines.join('\n')}\n${end}\n`,
    exitCode: broken === 0 ? 0 : 1,
  };
}

async function fetchText(url: string): Promise<string> {
  const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  const { statusCode, body } = await request(url, { headers: { accept: 'application/xml' }, signal });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
  return text;
}
