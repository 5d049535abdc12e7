import { readFileSync } from 'node:fs';
import { ConfigError } from '../../config.ts';
import { comparable } from './document-gate.ts';

/** The operations that clients were built with, by their ids. */
export interface TrustedDocuments {
  textOf(id: string): string | undefined;
  holdsText(text: string): boolean;
}

/**
 * Reads a manifest as codegen's client preset writes it (`{ id: text }`), or Apollo's generator
 * (`{ format: "apollo-persisted-query-manifest", operations: [{ id, body }] }`).
 * @throws ConfigError that names TRUSTED_DOCUMENTS
 */
export function loadTrustedDocuments(path: string): TrustedDocuments {
  const byId = new Map<string, string>();
  for (const [id, text] of entriesOf(path)) byId.set(id, text);
  const texts = new Set([...byId.values()].map(comparable));
  return {
    textOf: (id) => byId.get(id),
    holdsText: (text) => {
      const form = comparable(text);
      return form !== undefined && texts.has(form);
    },
  };
}

function entriesOf(path: string): [string, string][] {
  const manifest = readJson(path);
  const entries: unknown[][] = Array.isArray(manifest.operations)
    ? manifest.operations.map((operation: { id?: unknown; body?: unknown } | null) => [operation?.id, operation?.body])
    : Object.entries(manifest);
  const isWhole = (entry: unknown[]): entry is [string, string] => entry.every((part) => typeof part === 'string');
  if (entries.length === 0 || !entries.every(isWhole)) throw malformed();
  return entries;
}

function readJson(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, in the same words as for a file of another form.
  }
  throw malformed();
}

function malformed(): ConfigError {
  return new ConfigError(
    "The settings are not usable:\n  TRUSTED_DOCUMENTS: expected a manifest of codegen's client preset or of Apollo's generator",
  );
}
