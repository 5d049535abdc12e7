import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costlyDocuments } from '../../support/costly-documents.ts';
import type { Attack } from '../attack.ts';
import { ordinaryDocuments } from '../ordinary-callers.ts';

const AT_ONCE = 8;

/** Documents that are never sent twice, each as costly to keep as there may be. */
function unique(name: string, documentOf: (use: number) => string, env = {}): Attack {
  return {
    name,
    env,
    async turn({ ask, token, next }) {
      const uses = Array.from({ length: AT_ONCE }, next);
      await Promise.all(uses.map((use) => ask(token(use), documentOf(use))));
    },
  };
}

/** The ordinary callers' documents, as a list of trusted ones. */
function trustedList(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'gateway-soak-')), 'trusted.json');
  const list = Object.entries(ordinaryDocuments).map(([id, body]) => ({ id, body }));
  writeFileSync(path, JSON.stringify(list));
  return path;
}

export const costlyDocumentAttacks: readonly Attack[] = [
  unique('comments', costlyDocuments.comments),
  unique('comments-trusted', costlyDocuments.comments, {
    get TRUSTED_DOCUMENTS() {
      return trustedList();
    },
  }),
  // Known documents with comments of every kind, which are the same text to the list.
  unique('trusted-with-comments', (use) => `${ordinaryDocuments.single} #${use}${'c'.repeat(60 * 1024)}`, {
    get TRUSTED_DOCUMENTS() {
      return trustedList();
    },
  }),
  unique('fragments', costlyDocuments.fragments),
  unique('tokens', costlyDocuments.tokens),
];
