import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentNode, parse } from 'graphql';
import { ConfigError } from '../../config.ts';
import { comparableForm } from './comparable-form.ts';

/** The operations that clients were built with, by their ids. */
export interface TrustedDocuments {
  /** `sha256:` before an id does not count: some tools write it, others do not. */
  textOf(id: string): string | undefined;
  /** Whether this is one of them, as it is written there or with other `__typename`s. */
  holds(document: DocumentNode): boolean;
}

/**
 * Reads manifests as GraphQL Code Generator's client preset and Relay write them (`{ id: text }`, or pairs of both), and
 * Apollo's tools for the web, iOS and Kotlin (`{ operations: [{ id, body }] }`, older ones `{ id: { source } }`).
 * @param paths files, and folders whose `*.json` are read
 * @throws ConfigError that names TRUSTED_DOCUMENTS and the file
 */
export function loadTrustedDocuments(paths: readonly string[]): TrustedDocuments {
  const texts = new Map<string, string>();
  const forms = new Set<string>();
  for (const file of paths.flatMap(filesOf)) {
    for (const [id, text] of entriesOf(file)) {
      const known = texts.get(bare(id));
      if (known !== undefined && known !== text) throw unusable(file, `another text has the id ${JSON.stringify(id)}`);
      texts.set(bare(id), text);
      forms.add(formOf(text, file));
    }
  }
  return {
    textOf: (id) => texts.get(bare(id)),
    holds: (document) => forms.has(comparableForm(document)),
  };
}

function bare(id: string): string {
  return id.replace(/^sha256:/, '');
}

function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => name.endsWith('.json'));
    if (names.length > 0) return names.sort().map((name) => join(path, name));
  } catch {
    throw unusable(path, 'it cannot be read');
  }
  throw unusable(path, 'the folder holds no *.json');
}

type Entry = readonly [id: unknown, text: unknown];

function entriesOf(file: string): (readonly [id: string, text: string])[] {
  const manifest = readJson(file);
  const entries = Array.isArray(manifest)
    ? manifest.map(entryOf)
    : Array.isArray(manifest.operations)
      ? manifest.operations.map(entryOf)
      : Object.entries(manifest).map(([id, value]): Entry => [id, textIn(value)]);
  const whole = entries.filter((entry): entry is [string, string] => entry.every((part) => typeof part === 'string'));
  if (entries.length === 0 || whole.length < entries.length)
    throw unusable(file, 'it is no manifest that is known here');
  return whole;
}

/** A pair, or an object with an id. */
function entryOf(value: unknown): Entry {
  if (Array.isArray(value)) return [value[0], value[1]];
  return [(value as { readonly id?: unknown } | null)?.id, textIn(value)];
}

function textIn(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { body, source, text } = value as Record<string, unknown>;
  return body ?? source ?? text;
}

function readJson(file: string): Record<string, unknown> | unknown[] {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown> | unknown[];
  } catch {
    // Said below, in the same words as for a file of another form.
  }
  throw unusable(file, 'it is no JSON object');
}

function formOf(text: string, file: string): string {
  try {
    return comparableForm(parse(text, { noLocation: true }));
  } catch {
    throw unusable(file, 'one of its texts is not GraphQL');
  }
}

function unusable(path: string, problem: string): ConfigError {
  return new ConfigError(
    `The settings are not usable:\n  TRUSTED_DOCUMENTS: ${path}: ${problem}; expected manifests of GraphQL Code Generator's client preset, Apollo's tools or Relay`,
  );
}
