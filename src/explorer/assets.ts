import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { graphiqlPackage, graphiqlVersion } from './development-packages.ts';

export type Encoding = 'br' | 'gzip' | 'identity';

/** A file of the page, as it goes over the wire. */
export interface Asset {
  readonly type: string;
  /** Strong, and another for each encoding. */
  readonly etag: string;
  readonly body: Buffer;
}

/** All that the page loads. Addresses hold a version, so that a browser may keep each file for ever. */
export interface Assets {
  /** Address of the folder with the page's own scripts and styles. */
  readonly own: string;
  /** Address of the folder with GraphiQL's files. @throws MissingPackage when used */
  readonly graphiql: string;
  /**
   * @param folder the last part of one of the two addresses
   * @returns undefined for a file that does not exist
   * @throws MissingPackage
   */
  find(folder: string, file: string, encoding: Encoding): Promise<Asset | undefined>;
  /** Makes GraphiQL's files ready, which takes about a second, for a browser that will ask for them in a moment. */
  warm(encoding: Encoding): void;
}

export const ASSETS_PATH = '/explorer';

const BROWSER_FILES = new URL('./browser/', import.meta.url);
/** Without the workers, which come later. */
const GRAPHIQL_FILES = ['graphiql.js', 'graphiql.css'];
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};
const compress = {
  // The highest levels take ten seconds for GraphiQL; these half a second, for a quarter of the size.
  br: (content: Buffer) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (content: Buffer) => promisify(gzip)(content, { level: 4 }),
  identity: async (content: Buffer) => content,
};

export function createAssets(): Assets {
  const names = readdirSync(BROWSER_FILES).filter((name) => typeOf(name) !== undefined);
  const files = new Map(names.map((name) => [name, readFileSync(new URL(name, BROWSER_FILES))]));
  const own = hash('sha256', Buffer.concat([...files.values()])).slice(0, 16);
  const encoded = new Map<string, Promise<Asset>>();

  const find: Assets['find'] = async (folder, file, encoding) => {
    const key = `${folder}/${file} ${encoding}`;
    const known = encoded.get(key);
    if (known !== undefined) return known;
    const content = folder === own ? files.get(file) : folder === graphiqlFolder() ? graphiqlFile(file) : undefined;
    if (content === undefined) return undefined;
    // Only files that exist come here, so the map holds a dozen files, each in three encodings at most.
    const asset = encode(file, content, encoding);
    encoded.set(key, asset);
    return asset;
  };
  return {
    own: `${ASSETS_PATH}/${own}`,
    get graphiql() {
      return `${ASSETS_PATH}/${graphiqlFolder()}`;
    },
    find,
    warm(encoding) {
      for (const file of GRAPHIQL_FILES) {
        const ready = async () => find(graphiqlFolder(), file, encoding);
        // Whoever asks for the file hears what is wrong with it.
        ready().catch(() => undefined);
      }
    },
  };
}

async function encode(file: string, content: Buffer, encoding: Encoding): Promise<Asset> {
  const body = await compress[encoding](content);
  const etag = `"${hash('sha256', content).slice(0, 24)}-${encoding}"`;
  return { type: typeOf(file) ?? '', etag, body };
}

const graphiqlFolder = () => `graphiql-${graphiqlVersion()}`;

function graphiqlFile(file: string): Buffer | undefined {
  const { js, css, editorWorkerService, jsonWorker, graphqlWorker } = graphiqlPackage();
  switch (file) {
    case 'graphiql.js':
      return Buffer.from(js);
    case 'graphiql.css':
      return Buffer.from(css);
    // Named as Monaco asks for them.
    case 'editorWorkerService.js':
      return Buffer.from(editorWorkerService);
    case 'json.js':
      return Buffer.from(jsonWorker);
    case 'graphql.js':
      return Buffer.from(graphqlWorker);
    default:
      return undefined;
  }
}

const typeOf = (file: string): string | undefined => TYPES[file.split('.').at(-1) ?? ''];
